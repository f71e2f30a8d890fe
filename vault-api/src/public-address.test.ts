import { expect, test } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

test('only addresses that a server on the internet can have are public', () => {
  for (const address of ['93.184.216.34', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111']) {
    expect(isPublicAddress(address), address).toBe(true);
  }
  const others = [
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['100.64.0.1', '0.0.0.0', '198.18.0.1', '224.0.0.1', '255.255.255.255', '203.0.113.9'],
    ...['::1', '::', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::'],
    ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:a00:1', '64:ff9b::a00:1', '2001::1', 'x', ''],
  ];
  for (const address of others) expect(isPublicAddress(address), address).toBe(false);
});

test('loopback is loopback in either version', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1']) {
    expect(isLoopbackAddress(address)).toBe(true);
  }
  for (const address of ['10.0.0.1', '93.184.216.34', 'fe80::1', 'localhost']) {
    expect(isLoopbackAddress(address)).toBe(false);
  }
});
