import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import './browser-in-node.ts';
import { COLOURS } from './sign.ts';

const css = readFileSync(new URL('./base.css', import.meta.url), 'utf8');

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[^#]/g, '$&$&') : hex;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function pair(of: RegExp): [string, string] {
  const [, light = '', dark = ''] = css.match(of) ?? [];
  expect(light, String(of)).not.toBe('');
  return [light, dark];
}

test.each(COLOURS)(
  'the words of a sign are readable on %s, and it stands out, in both themes',
  (colour) => {
    const own = pair(
      new RegExp(`\\[data-colour="${colour}"\\] \\{\\s*--own: light-dark\\((#\\w+), (#\\w+)\\)`),
    );
    const text = pair(/\.sign \{[^}]*color: light-dark\((#\w+), (#\w+)\)/);
    const page: [string, string] = ['#f7f6f2', '#14181b'];
    for (const theme of [0, 1] as const) {
      expect(contrast(own[theme], text[theme])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(own[theme], page[theme])).toBeGreaterThanOrEqual(3);
    }
  },
);
