import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Runs share the cores with whatever else the machine does; files are isolated, nothing is retried. A file a core: left
// to itself vitest keeps one core free, and half of a machine with two.
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  define: { __LOOPBACK__: 'true' },
  test: {
    watch: false,
    maxWorkers: availableParallelism(),
    reporters: ['default'],
    exclude: ['**/node_modules/**', '**/.output/**'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{protocol,vault-api,extension}/src/**/*.test.{ts,tsx}',
            'test/start/**/*.test.ts',
          ],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'spanning',
          include: ['test/{contract,interop,adversarial,demo-shop,perf}/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          // Each file has its own service, shops, browsers and folder; a browser by itself keeps a core busy.
          maxWorkers: 2,
        },
      },
    ],
  },
});
