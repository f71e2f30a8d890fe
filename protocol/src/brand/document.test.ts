import { expect, test } from 'vitest';
import { parseBrandDocument } from '../brand-document.ts';
import { parseDidWeb } from '../did-web.ts';
import { brandDocument } from './document.ts';
import { newBrand, PURPOSE } from './loopback.fixture.ts';

const MANIFEST = {
  name: 'Shop',
  category: 'Outdoor',
  origins: ['https://shop.example'],
  purposes: [PURPOSE],
  attributes: ['size.shoe'],
  custom: [],
  period: 'P366D',
  retention: 'P365D',
};

test('a brand document reads back as it was meant', async () => {
  const { did, kid, key } = await newBrand('did:web:shop.example');
  const text = await brandDocument({
    did,
    keys: [{ kid, jwk: key.publicJwk }],
    manifest: MANIFEST,
  });
  const read = await parseBrandDocument(text, parseDidWeb(did));
  expect(read.manifest).toEqual(MANIFEST);
  expect(read.keys.map((entry) => entry.kid)).toEqual([kid]);
});

test('a document that nobody could read is not published', async () => {
  const { did, kid, key } = await newBrand('did:web:shop.example');
  const keys = [{ kid, jwk: key.publicJwk }];
  const manifest = { ...MANIFEST, name: '' };
  await expect(brandDocument({ did, keys, manifest })).rejects.toMatchObject({
    code: 'brand/document',
  });
});
