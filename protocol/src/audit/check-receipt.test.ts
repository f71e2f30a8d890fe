import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { encodeBase64url, encodeUtf8 } from '../bytes.ts';
import { consentRecord } from '../consent-record.ts';
import { generateKey, importSigningKey, randomUuidUrn, type SigningKey } from '../crypto.ts';
import { thumbprint } from '../jwk.ts';
import { type ReceiptClaims, type ReceiptEvent, signReceipt, verifyReceipt } from '../receipt.ts';
import { Status, StatusList, signStatusList } from '../status-list.ts';
import { type Agreement, agree, NOW, VAULT } from '../tlog/person.fixture.ts';
import { leafHash } from '../tlog/tree.ts';
import { type GrantLog, lifeOf, logOf } from './grant-log.fixture.ts';
import { LOG, ORIGIN, Signer, WITNESS } from './log-writer.fixture.ts';
import type { ReceiptOutcome } from './receipt-outcome.ts';
import { run } from './run.ts';
import { writeFolder } from './serve.fixture.ts';

const LIFE = [
  ['registered', NOW + 100],
  ['withdrawn', NOW + 3000],
] as const;

type File = Record<string, unknown> & { proofs: string[]; receipts: string[] };

let agreement: Agreement;
let log: GrantLog;
let vaultKey: SigningKey;
let kid: string;
let file: File;

async function receiptOf(
  event: ReceiptEvent,
  seq: number,
  changed: Partial<Omit<ReceiptClaims, 'record'>> = {},
  key = vaultKey,
) {
  const { grant } = agreement;
  const { entry } = log.openings[seq] as { entry: string };
  const leaf = encodeBase64url(leafHash(encodeUtf8(entry)));
  return signReceipt(
    {
      iss: VAULT,
      aud: grant.pseudonym,
      jti: randomUuidUrn(),
      iat: NOW + 101,
      grant: grant.claims.jti,
      grant_hash: grant.hash,
      request_hash: grant.claims.request_hash,
      event,
      seq,
      status_list: grant.claims.status.status_list,
      log: { origin: ORIGIN, index: log.indexes[seq] as number, leaf },
      stream: null,
      record: consentRecord(grant, 'ConsentGiven', NOW + 100),
      ...changed,
    },
    kid,
    key,
  );
}

beforeAll(async () => {
  agreement = await agree();
  log = await logOf(agreement, await lifeOf(agreement, LIFE), { witness: WITNESS });
  vaultKey = await importSigningKey(await generateKey());
  kid = await thumbprint(vaultKey.publicJwk);
  const list = new StatusList();
  list.set(42, Status.ended);
  const { uri } = agreement.grant.claims.status.status_list;
  file = {
    v: 1,
    type: 'zusage-receipt',
    request: agreement.request.compact,
    grant: agreement.grant.jwt,
    receipts: [await receiptOf('registered', 0), await receiptOf('withdrawn', 1)],
    proofs: [...log.proofs],
    status: await signStatusList(list, { uri, now: NOW + 4000 }, kid, vaultKey),
    vault_jwks: { keys: [{ ...vaultKey.publicJwk, kid, use: 'sig', alg: 'ES256' }] },
    log_vkey: LOG.vkey,
  };
});

const pathOf = (content: unknown) =>
  join(
    writeFolder(new Map([['r.zusage.json', Buffer.from(JSON.stringify(content))]])),
    'r.zusage.json',
  );
const check = (content: unknown, ...options: string[]) =>
  run(['check-receipt', pathOf(content), ...options]);
async function outcomeOf(content: unknown, ...options: string[]) {
  const { exit, out } = await check(content, '--json', ...options);
  const outcome = JSON.parse(out) as ReceiptOutcome;
  return { exit, outcome, codes: outcome.findings?.map(({ code }) => code) };
}

test('a whole file is verified: grant, request, receipts, proofs and status', async () => {
  const { exit, outcome } = await outcomeOf(file, '--witness', WITNESS.vkey);
  expect(exit).toBe(0);
  expect(outcome).toMatchObject({
    findings: [],
    receipts: 2,
    status: { state: 'ended', at: NOW + 4000 },
    text: { lang: 'de', text: 'Wir schlagen Schuhe in der passenden Größe vor.' },
    keys: { log_from: 'file', service_from: 'file' },
    events: [
      { event: 'registered', operator_time: NOW + 100, witnessed_before: NOW + 3020 },
      { event: 'withdrawn', operator_time: NOW + 3000, witnessed_before: NOW + 3020 },
    ],
  });
  expect(outcome.not_proven).toEqual([
    'person',
    'brand',
    'service-keys',
    'log-key',
    'first-visit',
    'text',
    'values',
    'after',
    'conduct',
  ]);
});

test('what is missing is not proven: proofs, receipts, status, request, witnesses', async () => {
  const none = { ...file, proofs: [], receipts: [], status: null, request: null };
  const { exit, outcome } = await outcomeOf(none);
  expect(exit).toBe(0);
  expect(outcome.not_proven).toEqual(
    expect.arrayContaining(['no-proofs', 'no-receipts', 'no-status', 'no-request']),
  );
  expect((await outcomeOf(file)).outcome.not_proven).toContain('witness');
});

describe('a page for people', () => {
  test.each([
    [
      'de',
      'Was damit nicht bewiesen ist',
      'einem bestimmten Menschen gehört',
      'Wer',
      'Wofür',
      'Bis wann',
    ],
    [
      'en',
      'What this does not prove',
      'belongs to a particular person',
      'Who',
      'What for',
      'Until when',
    ],
  ])('in %s: what is not proven stands before everything else', async (lang, ...inOrder) => {
    for (const format of [[], ['--html']]) {
      const { exit, out } = await check(file, '--lang', lang, ...format);
      expect(exit).toBe(0);
      const text = out.replace(/\s+/g, ' ');
      const places = inOrder.map((words) => text.search(new RegExp(`${words}\\b`)));
      expect(places.every((place) => place >= 0)).toBe(true);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  test('tells who, what, what for, until when, the text as it was shown, and the state on a date', async () => {
    const { out } = await check(file);
    const text = out.replace(/\s+/g, ' ');
    for (const words of [
      'shop.example (did:web:shop.example)',
      agreement.grant.pseudonym,
      'Parcel Service Ltd',
      '(size.shoe)',
      'Persönliche Empfehlungen',
      '21. Januar 2027',
      '30 Tage',
      'Wir schlagen Schuhe in der passenden Größe vor.',
      'Zustand am 22. November 2026 um 06:06:40 UTC: beendet',
      'widerrufen, 22. November 2026 um 05:50:00 UTC nach der Uhr des Betreibers',
      'aus dieser Datei',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('a status list from before the last event is not taken for the state of today', async () => {
    const { uri } = agreement.grant.claims.status.status_list;
    const pageAt = async (now: number) => {
      const list = new StatusList();
      list.set(42, Status.active);
      const status = await signStatusList(list, { uri, now }, kid, vaultKey);
      return (await check({ ...file, receipts: [], status })).out.replace(/\s+/g, ' ');
    };
    const older = 'gültig (älter als das, was unten zuletzt steht)';
    for (const at of [NOW + 2000, NOW + 3000]) expect(await pageAt(at)).toContain(older);
    expect(await pageAt(NOW + 3001)).not.toContain('(älter');
  });

  test('the text is in the language it was shown in, whatever the page speaks', async () => {
    const { out } = await check(file, '--lang', 'en');
    expect(out).toContain('Wir schlagen Schuhe');
    expect(out).toContain('Shown in');
  });

  test('as HTML runs and loads nothing, and escapes what others wrote', async () => {
    const { out } = await check(file, '--html');
    expect(out).toMatch(/^<!doctype html>\n<html lang="de">/);
    expect(out).not.toMatch(/<script|<img|<link|src=|href=/);
    expect(out).toContain("default-src 'none'");
    const forged = await check({ ...file, receipts: ['<script>alert(1)</script>'] }, '--html');
    expect(forged.exit).toBe(1);
    expect(forged.out).not.toContain('<script>');
  });

  test('of a file that does not hold says so before all else', async () => {
    const { exit, out } = await check({ ...file, status: file.receipts[0] });
    expect(exit).toBe(1);
    const wrong = out.indexOf('ETWAS IN DIESER DATEI STIMMT NICHT');
    expect(wrong).toBeGreaterThan(0);
    expect(wrong).toBeLessThan(out.indexOf('nicht bewiesen'));
    expect(out).not.toContain('stimmt.');
  });

  test('addresses nobody in German', async () => {
    const { out } = await check(file, '--lang', 'de');
    expect(out).not.toMatch(/\b([Dd]u|[Dd]ir|[Dd]ich|[Dd]ein\w*|Sie|Ihnen|Ihre?\w*)\b/u);
  });
});

describe('what does not hold is named, exit 1', () => {
  const change = (text: string, at: number) =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

  test('grant, request, receipts, proofs, status', async () => {
    const stranger = await importSigningKey(await generateKey());
    const other = await agree();
    const { uri } = agreement.grant.claims.status.status_list;
    /** The right leaf at another index. */
    const elsewhere = async () => {
      const { claims } = await verifyReceipt(file.receipts[0] as string, agreement.grant, {
        vault: VAULT,
        keys: [{ kid, jwk: vaultKey.publicJwk }],
        event: 'registered',
      });
      return { log: { ...(claims.log as NonNullable<typeof claims.log>), index: 3 } };
    };
    const cases: [string, Partial<File>][] = [
      ['grant/invalid', { grant: change(agreement.grant.jwt, agreement.grant.jwt.length - 9) }],
      ['request/invalid', { request: other.request.compact }],
      ['request/invalid', { request: 'a.b.c' }],
      ['receipt/invalid', { receipts: [await receiptOf('registered', 0, {}, stranger)] }],
      [
        'receipt/invalid',
        { receipts: [await receiptOf('registered', 0, { grant: other.grant.claims.jti })] },
      ],
      ['receipt/contradiction', { receipts: [await receiptOf('suspended', 1)] }],
      [
        'receipt/contradiction',
        { receipts: [await receiptOf('registered', 0, await elsewhere())] },
      ],
      [
        'receipt/contradiction',
        {
          receipts: [
            await receiptOf('registered', 0, {
              log: { origin: ORIGIN, index: 3, leaf: agreement.grant.hash },
            }),
          ],
        },
      ],
      [
        'proof/invalid',
        {
          proofs: file.proofs.map((proof) =>
            change(proof, proof.indexOf('\n', proof.indexOf('index ')) + 5),
          ),
        },
      ],
      ['opening/invalid', { proofs: ['c2sp.org/tlog-proof@v1\n'] }],
      [
        'status/invalid',
        { status: await signStatusList(new StatusList(), { uri, now: NOW }, kid, stranger) },
      ],
      [
        'status/invalid',
        {
          status: await signStatusList(
            new StatusList(),
            { uri: `${VAULT}/status/8`, now: NOW },
            kid,
            vaultKey,
          ),
        },
      ],
    ];
    for (const [code, changed] of cases) {
      const { exit, codes } = await outcomeOf({ ...file, ...changed });
      expect({ exit, code: codes[0] }).toEqual({ exit: 1, code });
    }
  });

  test('a key of the log that the proofs are not by', async () => {
    const { codes } = await outcomeOf(
      file,
      '--key',
      WITNESS.vkey.replace(/\+.*/, LOG.vkey.slice(LOG.vkey.indexOf('+'))),
    );
    expect(codes).toBeUndefined(); // A key that is not its own name's is a wrong option.
    const other = new Signer(ORIGIN, 1, 'another key');
    expect((await outcomeOf(file, '--key', other.vkey)).codes).toContain('proof/invalid');
  });
});

describe('keys from the service’s own address', () => {
  async function service(keys: object[]): Promise<string> {
    const server = createServer((request, response) => {
      const { port } = server.address() as AddressInfo;
      const issuer = `http://127.0.0.1:${port}`;
      const metadata = {
        issuer,
        jwks_uri: `${issuer}/jwks.json`,
        token_endpoint: `${issuer}/t`,
        introspection_endpoint: `${issuer}/i`,
        revocation_endpoint: `${issuer}/r`,
        log_vkey: LOG.vkey,
      };
      response.end(JSON.stringify(request.url === '/jwks.json' ? { keys } : metadata));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('of another service than the grant’s are refused; a service that is away decides nothing', async () => {
    const url = await service([{ ...vaultKey.publicJwk, kid }]);
    expect((await check(file, '--vault', url)).exit).toBe(2);
    const away = await check(
      { ...file, grant: 'x' },
      '--vault',
      'http://127.0.0.1:9',
      '--timeout',
      '1',
    );
    expect(away.exit).toBe(3);
  });
});

test.each([[{}], [{ v: 2 }], [[]]])('%j is no receipt file: usage', async (content) => {
  expect((await check(content)).exit).toBe(2);
});

test('usage: no file, an unknown language, no JSON', async () => {
  expect((await run(['check-receipt'])).exit).toBe(2);
  expect((await check(file, '--lang', 'fr')).exit).toBe(2);
  expect((await run(['check-receipt', '/nonexistent'])).exit).toBe(2);
});
