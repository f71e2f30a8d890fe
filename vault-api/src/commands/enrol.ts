import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allowLoopback, enrol, SdkError } from '@zusage/protocol/brand';
import { accessToken } from '@zusage/protocol/brand/access-token';
import { parseDidWeb } from '@zusage/protocol/did-web';
import { isLoopbackHost, isOrigin } from '@zusage/protocol/origin';
import { CommandError, runCommand, say, UsageError } from './command.ts';
import { ATTRIBUTE, documentOf, KEY_FILE, loadBrand, PURPOSE, serve } from './local-brand.ts';
import { NOTICE, practise, stranger } from './practice.ts';

const USAGE = `Usage: npm run enrol -- <origin> [--api <origin>] [--data <folder>] [--no-practice]

Makes a brand on this machine known to a vault service in development, and shows its first checks:
creates its key, serves its brand document, enrols it, lets a practice person share with it for a day,
and prints two curl commands, one that is allowed and one that is not.
Goes on serving the document until Ctrl-C.

  <origin>       where the brand is, such as http://localhost:4630
  --api          the vault service (http://127.0.0.1:4610, as npm start has it)
  --data         where the brand's key is kept (.data/brands)
  --no-practice  no practice person, and so no check that is allowed; always so where the
                 service is not on this machine`;

const LOOPBACK = { [allowLoopback]: true };

await runCommand(USAGE, async (words) => {
  const { origin, api, data, practice } = parsed(words);
  const { host, port } = new URL(origin);
  const did = `did:web:${host.replace(':', '%3A')}`;
  const folder = join(data, host.replace(':', '-'));
  const brand = await loadBrand(did, folder);
  const servers = await serve(Number(port), {
    '/.well-known/did.json': {
      type: 'application/did+json',
      text: await documentOf(brand, origin),
    },
    '/privacy': { type: 'text/plain; charset=utf-8', text: NOTICE },
  });
  try {
    await enrol(api, brand);
    const now = Math.floor(Date.now() / 1000);
    const token = await accessToken(api, brand, now, LOOPBACK);
    say(`${did} is enrolled with ${api}.`);
    say(`Its document  ${parseDidWeb(did, LOOPBACK).documentUrl}`);
    say(`Its key       ${join(folder, KEY_FILE)}`);
    say('');
    if (practice) {
      const subject = await practise({ brand, origin, api, now });
      say(
        'A practice person, made up by this command, has shared a shoe size with this brand for a day:',
      );
      say(
        "with real keys, the brand's request, and the service's receipt, but nobody is behind it.",
      );
      say(`Pseudonym     ${subject}`);
      say('');
      say(
        `1. May ${ATTRIBUTE} of the practice person be used to recommend products? The decision is true.`,
      );
      say('');
      say(curlOf(api, token, subject));
      say('');
      say(
        '2. And that of somebody who has shared nothing? The decision is false; context.debug says why,',
      );
      say('   which a service says on loopback only.');
    } else {
      say(`May ${ATTRIBUTE} of somebody who has shared nothing be used to recommend products?`);
      say('The decision is false.');
    }
    say('');
    say(curlOf(api, token, await stranger()));
    say('');
    say(
      `The token is good for ten minutes. ${api}/docs has every endpoint and tries it with the token.`,
    );
    say('Ctrl-C ends it; the same command again gives a new token.');
  } catch (error) {
    for (const server of servers) server.close();
    throw error instanceof SdkError ? new CommandError(sentenceOf(error, api)) : error;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    });
  }
});

type Words = { origin: string; api: string; data: string; practice: boolean };

function parsed(words: readonly string[]): Words {
  const { values, positionals } = optionsOf(words);
  const [origin, ...more] = positionals;
  if (origin === undefined || more.length > 0) throw new UsageError("Name the brand's origin.");
  const { api, data, practice } = values;
  if (!isOrigin(origin, LOOPBACK) || !/^http:.*:[0-9]+$/.test(origin)) {
    throw new UsageError(
      'The brand must be an http origin with a port on this machine, such as http://localhost:4630.',
    );
  }
  if (!isOrigin(api, LOOPBACK)) {
    throw new UsageError('--api must be an origin without a path, such as http://127.0.0.1:4610.');
  }
  // Practice people are for machines on which nobody else's grants are.
  return { origin, api, data, practice: practice && isLoopbackHost(new URL(api).host) };
}

function optionsOf(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      allowNegative: true,
      options: {
        api: { type: 'string', default: 'http://127.0.0.1:4610' },
        data: { type: 'string', default: join('.data', 'brands') },
        practice: { type: 'boolean', default: true },
      },
    });
  } catch {
    throw new UsageError('There is an option that is not one of these.');
  }
}

function curlOf(api: string, token: string, subject: string): string {
  const body = {
    subject: { type: 'user', id: subject },
    action: { name: PURPOSE },
    resource: { type: 'attribute', id: ATTRIBUTE },
  };
  return [
    `curl ${api}/access/v1/evaluation`,
    `  -H 'Authorization: Bearer ${token}'`,
    "  -H 'Content-Type: application/json'",
    `  -d '${JSON.stringify(body)}'`,
  ].join(' \\\n');
}

function sentenceOf({ code, refusal }: SdkError, api: string): string {
  if (code === 'vault/unreachable') {
    return `No vault service answers at ${api}; start one with "npm start", or name another with --api.`;
  }
  if (refusal === 'brand/frozen') {
    return 'The vault service knows this brand with another key and has frozen it; take another port for a new one.';
  }
  if (refusal === 'brand/unreachable' || refusal === 'did/syntax') {
    return `${api} does not read brand documents on loopback; it must run with ZUSAGE_DEVELOPMENT=true.`;
  }
  return `The vault service at ${api} refused: ${refusal ?? code}.`;
}
