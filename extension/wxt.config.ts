import preact from '@preact/preset-vite';
import { defineConfig } from 'wxt';

/**
 * Three builds of one source. `production` speaks https only. `development` (npm start) and `e2e` may also reach
 * loopback addresses; `e2e` shortens the undo window and the drawn answer times, and holds the host permission that
 * headless Chromium has no dialog for.
 */
export default defineConfig({
  imports: false,
  manifestVersion: 3,
  outDirTemplate: '{{browser}}-mv{{manifestVersion}}-{{mode}}',
  vite: ({ mode }) => ({
    plugins: [preact()],
    resolve: {
      // Dexie's entry point is its ES5 build; this is the same version as ES modules for browsers of today.
      alias: [{ find: /^dexie$/, replacement: 'dexie/dist/modern/dexie.min.mjs' }],
    },
    define: {
      __LOOPBACK__: JSON.stringify(mode !== 'production'),
      __E2E__: JSON.stringify(mode === 'e2e'),
    },
    build: {
      rolldownOptions: {
        // wxt brings its storage helper along whether it is used or not.
        treeshake: { moduleSideEffects: (id) => !id.includes('@wxt-dev/storage') },
      },
      modulePreload: false,
      sourcemap: false,
      chunkSizeWarningLimit: 2000,
    },
  }),
  manifest: ({ mode, browser }) => ({
    name: '__MSG_extension_name__',
    description: '__MSG_extension_description__',
    default_locale: 'en',
    minimum_chrome_version: '141',
    permissions: ['storage', 'scripting', 'activeTab', 'alarms', 'idle'],
    optional_host_permissions:
      mode === 'production'
        ? ['https://*/*']
        : ['https://*/*', 'http://localhost/*', 'http://127.0.0.1/*'],
    ...(mode === 'e2e' ? { host_permissions: ['http://localhost/*'] } : {}),
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'vault@zusage.example',
              strict_min_version: '140.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
        }
      : {}),
    content_security_policy: {
      extension_pages: [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data:",
        `connect-src https:${mode === 'production' ? '' : ' http://localhost:* http://127.0.0.1:*'}`,
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ].join('; '),
    },
  }),
});
