import { fc, test } from '@fast-check/vitest';
import { beforeAll, describe, expect } from 'vitest';
import { decodeEntry, encodeEntry, jsonOf } from './entry.ts';
import { VaultCryptoError } from './errors.ts';
import { open, parsed, RowOpener, SCHEMA_VERSION, seal } from './record.ts';
import { randomBytes, ready } from './sodium.ts';

beforeAll(() => ready);

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const entries = fc.record({
  kind: fc.stringMatching(/^[a-z]{1,20}$/),
  key: text,
  revision: fc.integer({ min: 1, max: 2 ** 48 - 1 }),
  value: fc.jsonValue(),
});

describe('an entry', () => {
  test.prop([entries])('comes back as it was', ({ value, ...rest }) => {
    const decoded = decodeEntry(SCHEMA_VERSION, encodeEntry({ ...rest, json: jsonOf(value) }));
    expect({ ...decoded, json: null }).toEqual({ ...rest, json: null });
    expect(parsed(decoded.json)).toEqual(JSON.parse(JSON.stringify(value)));
  });

  test.prop([fc.uint8Array({ maxLength: 40 })])(
    'of any other bytes is corrupt or harmless',
    (bytes) => {
      for (const version of [1, SCHEMA_VERSION]) {
        try {
          decodeEntry(version, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(VaultCryptoError);
        }
      }
    },
  );
});

describe('a row opener', () => {
  const sized = fc.uint8Array({ maxLength: 3000 });
  test.prop([fc.array(fc.tuple(text, sized), { minLength: 1, maxLength: 8 })])(
    'opens what `open` opens, whatever it opened before',
    (rows) => {
      const key = randomBytes(32);
      const sealed = rows.map(([id, bytes]) => ({ id, sealed: seal(key, 'records', id, bytes) }));
      const opener = new RowOpener(key, 'records');
      sealed.forEach((row, i) => {
        expect([...opener.open(row.id, row.sealed)]).toEqual([...(rows[i]?.[1] ?? [])]);
        expect([...open(key, 'records', row.id, row.sealed)]).toEqual([...(rows[i]?.[1] ?? [])]);
        // Another id, table, version or byte.
        const altered = row.sealed.slice();
        altered[30] = (altered[30] as number) ^ 1;
        const older = row.sealed.slice();
        older[0] = 1;
        const another = seal(key, 'shard', row.id, new Uint8Array(3));
        const foreign: [string, Uint8Array][] = [
          [`${row.id}x`, row.sealed],
          [row.id, altered],
          [row.id, older],
          [row.id, another],
          [row.id, row.sealed.subarray(0, 20)],
        ];
        for (const [id, bytes] of foreign)
          expect(() => opener.open(id, bytes)).toThrow(VaultCryptoError);
      });
      opener.close();
    },
  );
});
