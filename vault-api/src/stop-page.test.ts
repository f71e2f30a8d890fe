import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, startWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

test('the stop page is one file that may load nothing and tell nobody where it was', async () => {
  const page = await call(world, '/stop');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(page.text).not.toMatch(/(?:src|href)=|https?:\/\/\w/);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toContain('unsafe');
  for (const tag of ['script', 'style']) {
    const found = [...page.text.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))];
    expect(found).toHaveLength(1);
    const hash = createHash('sha256')
      .update(found[0]?.[1] as string)
      .digest('base64');
    expect(policy).toContain(`${tag}-src 'sha256-${hash}'`);
  }
});

test('its script is plain: it runs without modules and types', async () => {
  const { text } = await call(world, '/stop');
  const script = /<script>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '';
  expect(script).not.toMatch(/^(?:import|export) /m);
  const drawn: string[] = [];
  const element = (name: string): object => {
    drawn.push(name);
    return {
      setAttribute: () => undefined,
      append: () => undefined,
      addEventListener: () => undefined,
      focus: () => undefined,
    };
  };
  runInNewContext(script, {
    document: {
      documentElement: {},
      createElement: element,
      querySelector: () => element('main'),
    },
    location: { origin: 'https://vault.example' },
    navigator: { language: 'de-AT' },
  });
  expect(drawn).toContain('form');
});
