import preact from '@preact/preset-vite';
import { defineConfig } from 'wxt';
import { libsodiumPlugin } from './libsodium.ts';
import { packedMessages } from './packed-messages.ts';
import { wordListsPlugin } from './word-lists.ts';

const connectSources = (mode: string) =>
  `connect-src https:${mode === 'production' ? '' : ' http://localhost:* http://127.0.0.1:*'}`;

/**
 * The page that fetches in Firefox. Not an entrypoint: those load modules, which a page of an opaque origin may not.
 * It states its policy itself, because Firefox applies `extension_pages` only to pages of the extension's own origin.
 */
function networkPage(mode: string): string {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    connectSources(mode),
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  return `<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Zusage</title>
<script src="/network-frame.js"></script>
`;
}

/**
 * Three builds of one source. `production` speaks https only. `development` (npm start) and `e2e` may also reach
 * loopback addresses; `e2e` shortens the drawn answer times, lets a test shorten the undo window, and holds the host
 * permission that headless Chromium has no dialog for.
 */
export default defineConfig({
  imports: false,
  manifestVersion: 3,
  outDirTemplate: '{{browser}}-mv{{manifestVersion}}-{{mode}}',
  hooks: {
    'build:publicAssets': ({ config }, files) => {
      for (const [i, file] of files.entries()) {
        if ('absoluteSrc' in file && /[\\/]messages\.json$/.test(file.relativeDest))
          files[i] = {
            relativeDest: file.relativeDest,
            contents: packedMessages(file.absoluteSrc),
          };
      }
      if (config.browser === 'firefox') {
        files.push({ relativeDest: 'network.html', contents: networkPage(config.mode) });
      }
    },
  },
  vite: ({ mode }) => ({
    plugins: [preact(), wordListsPlugin(), libsodiumPlugin()],
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
        connectSources(mode),
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ].join('; '),
    },
  }),
});
