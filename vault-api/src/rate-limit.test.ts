import { expect, test } from 'vitest';
import { networkOf } from './rate-limit.ts';

test('one network is one caller: /24 and /64, however the address is written', () => {
  expect(networkOf('203.0.113.7')).toBe('203.0.113');
  expect(networkOf('::ffff:203.0.113.99')).toBe('203.0.113');
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(networkOf('2001:db8:1:2::9')).toBe('2001:db8:1:2');
  expect(networkOf('2001:0db8:0001:0002:ffff::')).toBe('2001:db8:1:2');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0');
  expect(networkOf('::1')).toBe('0:0:0:0');
});
