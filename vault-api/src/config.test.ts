import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';

test('has defaults for development on loopback', () => {
  expect(parseConfig({ ZUSAGE_DEVELOPMENT: 'true', PATH: '/bin' })).toEqual({
    host: '127.0.0.1',
    port: 4610,
    data: '.data',
    development: true,
    trustProxy: false,
    rateLimit: 1200,
    logLevel: 'info',
  });
});

test('each setting is read from its own variable', () => {
  expect(
    parseConfig({
      ZUSAGE_HOST: '127.0.0.2',
      ZUSAGE_PORT: '1',
      ZUSAGE_ISSUER: 'https://vault.example',
      ZUSAGE_DATA: 'folder',
      ZUSAGE_DEVELOPMENT: 'false',
      ZUSAGE_TRUST_PROXY: 'true',
      ZUSAGE_MAX_CONNECTIONS: '2',
      ZUSAGE_RATE_LIMIT: '3',
      ZUSAGE_BRAND_RATE_LIMIT: '4',
      ZUSAGE_BRAND_SLOTS: '5',
      ZUSAGE_METRICS_PORT: '6',
      ZUSAGE_CHECK_RETENTION_DAYS: '7',
      ZUSAGE_HEAD_FILE: 'head',
      ZUSAGE_LOG_LEVEL: 'warn',
    }),
  ).toEqual({
    host: '127.0.0.2',
    port: 1,
    issuer: 'https://vault.example',
    data: 'folder',
    development: false,
    trustProxy: true,
    maxConnections: 2,
    rateLimit: 3,
    brandRateLimit: 4,
    brandSlots: 5,
    metricsPort: 6,
    checkRetentionDays: 7,
    headFile: 'head',
    logLevel: 'warn',
  });
});

test('demands an https origin unless told otherwise', () => {
  expect(() => parseConfig({})).toThrow(/^ZUSAGE_ISSUER must be set, to an https origin/);
  expect(parseConfig({ ZUSAGE_ISSUER: 'https://vault.example' }).issuer).toBe(
    'https://vault.example',
  );
  for (const ZUSAGE_ISSUER of ['https://vault.example/', 'http://vault.example', 'vault.example']) {
    expect(() => parseConfig({ ZUSAGE_ISSUER, ZUSAGE_DEVELOPMENT: 'true' })).toThrow();
  }
});

test('names what is unknown or out of range, and never its value', () => {
  const bad = { ZUSAGE_ISSUR: 'x', ZUSAGE_PORT: '99999', ZUSAGE_DEVELOPMENT: 'secret-yes' };
  expect(() => parseConfig(bad)).toThrow(/ZUSAGE_PORT.*ZUSAGE_DEVELOPMENT.*ZUSAGE_ISSUR/);
  expect(() => parseConfig(bad)).not.toThrow(/secret-yes|99999/);
  expect(() => parseConfig(bad)).toThrow(
    'ZUSAGE_PORT must be a whole number from 0 to 65535. ZUSAGE_DEVELOPMENT must be true or false. ZUSAGE_ISSUR is not a setting.',
  );
  for (const ZUSAGE_PORT of ['', ' 80', '1e3', '0x50', '-1', '80.0']) {
    expect(() => parseConfig({ ZUSAGE_DEVELOPMENT: 'true', ZUSAGE_PORT })).toThrow(
      'ZUSAGE_PORT must be a whole number from 0 to 65535.',
    );
  }
  for (const ZUSAGE_CHECK_RETENTION_DAYS of ['0', '3661', '']) {
    const settings = { ZUSAGE_DEVELOPMENT: 'true', ZUSAGE_CHECK_RETENTION_DAYS };
    expect(() => parseConfig(settings)).toThrow(/ZUSAGE_CHECK_RETENTION_DAYS/);
  }
});

test('OPERATIONS.md says of each setting what it means and what whoever controls it could do', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const settings = new Set(read('config.ts').match(/^ {2}ZUSAGE_[A-Z_]+(?=:)/gm));
  expect(settings.size).toBeGreaterThan(10);
  const rows = read('../OPERATIONS.md').match(/^\| `ZUSAGE_.*$/gm) ?? [];
  const described = rows.map((row) => row.split(' | ')).filter((cells) => cells.length === 4);
  const names = described.map(([name = '']) => name.replace(/[^A-Z_]/g, ''));
  expect(names.sort()).toEqual([...settings].map((name) => name.trim()).sort());
});
