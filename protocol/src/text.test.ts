import { expect, test, vi } from 'vitest';
import { plainText } from './text.ts';

test('a text that is too long is refused before it is normalised, which could take seconds', () => {
  const normalize = vi.spyOn(String.prototype, 'normalize');
  const schema = plainText(300);
  expect(schema.safeParse('\u0301\u0323'.repeat(151)).success).toBe(false);
  expect(normalize).not.toHaveBeenCalled();
  expect(schema.safeParse('Schöne Schuhe').success).toBe(true);
  expect(normalize).toHaveBeenCalledOnce();
  normalize.mockRestore();
});
