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

test('demands an https origin unless told otherwise', () => {
  expect(() => parseConfig({})).toThrow(/ZUSAGE_ISSUER must be an https origin/);
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
});
