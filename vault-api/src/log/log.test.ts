import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventCall, newPerson, proofsCall, readCall, share } from '../testing/person.ts';
import { published } from '../testing/published.ts';
import { type Answer, call, form, startWorld, token, type World } from '../testing/world.ts';
import { openCheckpoint } from './checkpoint.ts';
import { commitmentOf, digestOf } from './commitment.ts';
import { leafHash, nodeHash, sha256 } from './hash.ts';
import { parseVkey, type VerifierKey } from './note.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

type Opened = {
  entry: string;
  r: string;
  payload: string;
  disclosures: string[];
  act?: string;
  stop?: string;
};

/** As a reader takes a proof apart who knows the formats and not this code. */
async function opened(proof: string) {
  const [version, extra, index, ...rest] = proof.split('\n');
  expect(version).toBe('c2sp.org/tlog-proof@v1');
  const text = Buffer.from(extra?.replace('extra ', '') as string, 'base64').toString();
  const opening = JSON.parse(text) as Opened;
  const blank = rest.indexOf('');
  const note = rest.slice(blank + 1).join('\n');
  const at = Number(index?.replace('index ', ''));
  const key = parseVkey((await call(world, '/log/key')).text.trim()) as VerifierKey;
  const checkpoint = openCheckpoint(note, key);
  expect(checkpoint).not.toBeNull();
  const hashes = rest.slice(0, blank).map((hash) => Buffer.from(hash, 'base64'));
  const root = rootFrom(leafHash(Buffer.from(opening.entry)), at, checkpoint?.size ?? 0, hashes);
  expect(root.equals(checkpoint?.root as Buffer)).toBe(true);
  const { c } = JSON.parse(opening.entry) as { c: string };
  const commitment = commitmentOf(Buffer.from(opening.r, 'base64url'), opening.payload);
  expect(commitment.toString('base64url')).toBe(c);
  const { _sd } = JSON.parse(opening.payload) as { _sd: string[] };
  expect(_sd).toHaveLength(14);
  const fields = opening.disclosures.map((disclosure) => {
    expect(_sd).toContain(digestOf(disclosure));
    return JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as [string, string, unknown];
  });
  const values = Object.fromEntries(fields.map(([, name, value]) => [name, value]));
  return { ...opening, index: at, fields: values as Record<string, unknown> };
}

/** RFC 9162 §2.1.3.2. */
function rootFrom(leaf: Buffer, index: number, size: number, path: Buffer[]): Buffer {
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const hash of path) {
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(hash, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else r = nodeHash(r, hash);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  expect(sn).toBe(0);
  return r;
}

const proofsIn = ({ body }: Answer) => body['proofs'] as { seq: number; proof: string }[];
const claimsOf = (jws: string) =>
  JSON.parse(Buffer.from(jws.split('.')[1] as string, 'base64url').toString());

test('a life of a grant is in the log: receipts name the entry, proofs open it, for the person and the brand', async () => {
  const person = await newPerson();
  const { grant, receipt } = await share(world, person);
  const suspended = await eventCall(world, person, grant, { event: 'suspend', seq: 1 });
  await eventCall(world, person, grant, { event: 'withdraw', seq: 2 });
  await form(world, '/revoke', { token: grant.claims.jti });
  await published(world);

  const answer = await proofsCall(world, person, grant);
  expect(answer.status).toBe(200);
  const proofs = await Promise.all(proofsIn(answer).map(({ proof }) => opened(proof)));
  expect(proofs.map(({ fields }) => [fields['type'], fields['grant_seq']])).toEqual([
    ['registered', 0],
    ['suspended', 1],
    ['withdrawn', 2],
    ['returned', 3],
  ]);
  expect(proofs[0]?.fields).toMatchObject({
    brand: world.brand.did,
    grant: grant.claims.jti,
    subject: person.pseudonym,
    scope: ['size.shoe'],
    at: world.now,
    grant_hash: grant.hash,
  });
  expect(proofs[0]?.act).toBe(grant.jwt);
  for (const { act, fields } of proofs) {
    const input = act?.slice(0, act.lastIndexOf('.')) as string;
    expect(fields['actor_sig']).toBe(digestOf(input));
  }
  // Each entry of the brand names the one before.
  for (const [place, { fields }] of proofs.entries()) {
    if (place === 0) continue;
    const before = JSON.parse(proofs[place - 1]?.entry as string) as { c: string };
    expect(fields['brand_prev']).toBe(before.c);
    expect(fields['brand_seq']).toBe((proofs[place - 1]?.fields['brand_seq'] as number) + 1);
  }
  for (const [place, jws] of [receipt, suspended.body['receipt'] as string].entries()) {
    const { log, stream } = claimsOf(jws);
    const { entry, index } = proofs[place] as { entry: string; index: number };
    const leaf = leafHash(Buffer.from(entry)).toString('base64url');
    expect(log).toEqual({ origin: `${new URL(world.vault.url).host}/log`, index, leaf });
    const read = await readCall(world, person, grant);
    const root = Buffer.from(read.body['stream_root'] as string, 'base64url');
    expect(stream).toBe(sha256(root).toString('base64url'));
  }

  const authorization = `Bearer ${await token(world)}`;
  const path = `/grants/${grant.claims.jti}/proofs`;
  const brands = await call(world, path, { headers: { authorization } });
  expect(proofsIn(brands)).toHaveLength(4);
  expect((await call(world, path)).status).toBe(401);
  const stranger = await newPerson();
  expect((await proofsCall(world, stranger, grant)).status).toBe(404);
});

test('after erasure the entries still verify, and say nothing of the person', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  const erased = await eventCall(world, person, grant, { event: 'erase', seq: 2 });
  expect(claimsOf(erased.body['receipt'] as string).log.index).toBeGreaterThan(0);
  await published(world);
  const authorization = `Bearer ${await token(world)}`;
  const path = `/grants/${grant.claims.jti}/proofs`;
  const answer = await call(world, path, { headers: { authorization } });
  const proofs = await Promise.all(proofsIn(answer).map(({ proof }) => opened(proof)));
  expect(proofs.map(({ fields }) => fields['type'])).toEqual(['registered', 'withdrawn', 'erased']);
  expect(answer.text).not.toContain(person.pseudonym);
  // The erasure's own entry says nothing about anybody, and says that openly.
  expect(proofs[2]?.fields).toMatchObject({ subject: null, scope: null, actor_sig: null });
  for (const { fields, act } of proofs.slice(0, 2)) {
    expect(act).toBeUndefined();
    expect(Object.keys(fields)).toHaveLength(11);
    for (const name of ['subject', 'scope', 'actor_sig']) expect(fields).not.toHaveProperty(name);
  }
});

test('what is served is what C2SP says, and only what is published', async () => {
  const size = await published(world);
  const checkpoint = await call(world, '/log/checkpoint');
  expect(checkpoint.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(checkpoint.headers.get('cache-control')).toMatch(/max-age=[0-5]$/);
  expect(checkpoint.headers.get('access-control-allow-origin')).toBe('*');
  expect((await call(world, `/log/note/${size}`)).text).toBe(checkpoint.text);
  expect((await call(world, '/log/note/0')).text).toMatch(/^\S+\n0\n47DEQpj8/);

  const served = await fetch(`${world.vault.url}/log/tile/entries/000.p/${size}`);
  expect(served.headers.get('content-encoding')).toBe('gzip');
  expect(served.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(served.headers.get('content-type')).toBe('application/octet-stream');
  const bundle = Buffer.from(await served.arrayBuffer());
  const tile = await fetch(`${world.vault.url}/log/tile/0/000.p/${size}`);
  expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const hashes = Buffer.from(await tile.arrayBuffer());
  let offset = 0;
  for (let index = 0; index < size; index++) {
    const length = bundle.readUInt16BE(offset);
    const entry = bundle.subarray(offset + 2, offset + 2 + length);
    offset += 2 + length;
    const kind = (JSON.parse(entry.toString()) as { k: string }).k;
    if (kind === 'e') expect(length).toBe(147);
    expect(hashes.subarray(index * 32, index * 32 + 32)).toEqual(leafHash(entry));
  }
  expect(offset).toBe(bundle.length);
  const plain = await fetch(`${world.vault.url}/log/tile/entries/000.p/1`, {
    headers: { 'accept-encoding': 'identity' },
  });
  expect(plain.headers.get('content-encoding')).toBeNull();

  for (const path of [
    `tile/0/000.p/${size + 1}`,
    `tile/entries/000.p/${size + 1}`,
    'tile/0/000',
    'tile/1/000.p/1',
    'tile/0/001.p/1',
    'tile/64/000',
    'tile/0/0',
    `note/${size + 1}`,
    'note/01',
    'tile/data/000',
  ]) {
    const answer = await call(world, `/log/${path}`);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  }
});
