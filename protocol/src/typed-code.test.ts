import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { readTypedCode, typedCode } from './typed-code.ts';

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 });
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const bare = (code: string) => code.replaceAll('-', '');

describe('a code as a person types it', () => {
  test('seven groups of four; a computed one', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
    expect(typedCode(bytes, 'stop')).toBe('0024-H36H-2NCS-VRH6-DAQF-6DVV-QZWN');
    expect(typedCode(new Uint8Array(16), 'stop')).toBe(`${'0000-'.repeat(6)}0001`);
    expect(typedCode(new Uint8Array(16), 'recovery')).toBe(`${'0000-'.repeat(6)}0002`);
    expect(() => typedCode(new Uint8Array(15), 'stop')).toThrow(RangeError);
  });

  property.prop([bytes16, fc.constantFrom('stop' as const, 'recovery' as const)])(
    'is read back, however it is written',
    (bytes, purpose) => {
      const code = typedCode(bytes, purpose);
      expect(readTypedCode(code, purpose)).toEqual(bytes);
      const sloppy = ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
      expect(readTypedCode(sloppy, purpose)).toEqual(bytes);
      expect(readTypedCode(code.replaceAll('-', '–'), purpose)).toEqual(bytes);
    },
  );

  property.prop([bytes16, fc.nat(27), fc.integer({ min: 1, max: 31 })])(
    'one wrong character is found',
    (bytes, at, step) => {
      const code = bare(typedCode(bytes, 'stop'));
      const wrong = DIGITS[(DIGITS.indexOf(code[at] as string) + step) % 32];
      const read = readTypedCode(`${code.slice(0, at)}${wrong}${code.slice(at + 1)}`, 'stop');
      expect(['check', 'other-code']).toContain(read);
    },
  );

  property.prop([bytes16, fc.nat(26)])('two that changed places are found', (bytes, at) => {
    const code = bare(typedCode(bytes, 'stop'));
    const swapped = `${code.slice(0, at)}${code[at + 1]}${code[at]}${code.slice(at + 2)}`;
    fc.pre(swapped !== code);
    expect(['check', 'other-code']).toContain(readTypedCode(swapped, 'stop'));
  });

  property.prop([bytes16])('the other code is told apart', (bytes) => {
    expect(readTypedCode(typedCode(bytes, 'recovery'), 'stop')).toBe('other-code');
    expect(readTypedCode(typedCode(bytes, 'stop'), 'recovery')).toBe('other-code');
  });

  test('too short, too long, no digit of ours', () => {
    const code = typedCode(new Uint8Array(16).fill(255), 'stop');
    expect(readTypedCode(code.slice(1), 'stop')).toBe('length');
    expect(readTypedCode(`${code}0`, 'stop')).toBe('length');
    expect(readTypedCode('', 'stop')).toBe('length');
    expect(readTypedCode(`${code.slice(0, -1)}U`, 'stop')).toBe('letters');
    expect(readTypedCode('Z'.repeat(28), 'stop')).toBe('check');
  });
});
