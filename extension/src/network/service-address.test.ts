import { allowLoopback } from '@zusage/protocol/origin';
import { expect, test } from 'vitest';
import { serviceAddress } from './service-address.ts';

test('an https origin, with white space and one trailing slash forgiven', () => {
  expect(serviceAddress(' https://vault.example/ ')).toBe('https://vault.example');
  expect(serviceAddress('https://vault.example:8443')).toBe('https://vault.example:8443');
  expect(serviceAddress('https://8.8.8.8')).toBe('https://8.8.8.8');
});

test('no path, no other scheme, no name of a person', () => {
  for (const address of [
    '',
    'vault.example',
    'http://vault.example',
    'https://vault.example/a',
    'https://vault.example//',
    'https://vault.example?x',
    'https://me@vault.example',
    'https://VAULT.example',
    'ftp://vault.example',
  ]) {
    expect(serviceAddress(address), address).toBeNull();
  }
});

test('no private address, however it is written', () => {
  for (const host of [
    'localhost',
    'a.localhost',
    'nas',
    'printer.local',
    'vault.internal',
    'fritz.box.home.arpa',
    '127.0.0.1',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '0.0.0.0',
    '[::1]',
    '[fd00::1]',
    '[::ffff:10.0.0.1]',
  ]) {
    expect(serviceAddress(`https://${host}`), host).toBeNull();
  }
  expect(serviceAddress('https://172.32.0.1')).toBe('https://172.32.0.1');
  expect(serviceAddress('https://100.128.0.1')).toBe('https://100.128.0.1');
});

test('in development http on loopback too, and nothing else', () => {
  const options = { [allowLoopback]: true };
  expect(serviceAddress('http://127.0.0.1:4610', options)).toBe('http://127.0.0.1:4610');
  expect(serviceAddress('http://127.0.0.1:4610')).toBeNull();
  expect(serviceAddress('http://192.168.1.1', options)).toBeNull();
});
