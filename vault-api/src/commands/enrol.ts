import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  allowLoopback,
  type Brand,
  brandDocument,
  enrol,
  generateKey,
  importSigningKey,
  SdkError,
} from '@zusage/protocol/brand';
import { accessToken } from '@zusage/protocol/brand/access-token';
import { parseDidWeb } from '@zusage/protocol/did-web';
import { isOrigin } from '@zusage/protocol/origin';
import { assertPrivate, makePrivateFolder, writePrivate } from '../private-file.ts';
import { CommandError, runCommand, say, UsageError } from './command.ts';

const USAGE = `Usage: npm run enrol -- <origin> [--api <origin>] [--data <folder>]

Makes a brand on this machine known to a vault service in development, and shows a first check:
creates its key, serves its brand document, enrols it, and prints a curl command that returns a decision.
Goes on serving the document until Ctrl-C.

  <origin>   where the brand is, such as http://localhost:4630
  --api      the vault service (http://127.0.0.1:4610, as npm start has it)
  --data     where the brand's key is kept (.data/brands)`;

const PURPOSE = 'https://w3id.org/dpv#ProvideProductRecommendations';
const ATTRIBUTE = 'size.shoe';
const KEY_FILE = 'signing-key.json';
const LOOPBACK = { [allowLoopback]: true };

await runCommand(USAGE, async (words) => {
  const { origin, api, data } = parsed(words);
  const { host, port } = new URL(origin);
  const did = `did:web:${host.replace(':', '%3A')}`;
  const brand = await loadBrand(did, join(data, host.replace(':', '-')));
  const servers = await serve(Number(port), await documentOf(brand, origin));
  try {
    await enrol(api, brand);
    const token = await accessToken(api, brand, Math.floor(Date.now() / 1000), LOOPBACK);
    say(`${did} is enrolled with ${api}.`);
    say(`Its document  ${parseDidWeb(did, LOOPBACK).documentUrl}`);
    say(`Its key       ${join(data, host.replace(':', '-'), KEY_FILE)}`);
    say('');
    say(
      `A check, with a token for the next ten minutes: may ${ATTRIBUTE} be used to recommend products?`,
    );
    say('Nobody has shared with this brand yet, so the decision is false.');
    say('');
    say(curlOf(api, token));
    say('');
    say('Ctrl-C ends it.');
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

function parsed(words: readonly string[]): { origin: string; api: string; data: string } {
  const { values, positionals } = optionsOf(words);
  const [origin, ...more] = positionals;
  if (origin === undefined || more.length > 0) throw new UsageError("Name the brand's origin.");
  const { api, data } = values;
  if (!isOrigin(origin, LOOPBACK) || !/^http:.*:[0-9]+$/.test(origin)) {
    throw new UsageError(
      'The brand must be an http origin with a port on this machine, such as http://localhost:4630.',
    );
  }
  if (!isOrigin(api, LOOPBACK)) {
    throw new UsageError('--api must be an origin without a path, such as http://127.0.0.1:4610.');
  }
  return { origin, api, data };
}

function optionsOf(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        api: { type: 'string', default: 'http://127.0.0.1:4610' },
        data: { type: 'string', default: join('.data', 'brands') },
      },
    });
  } catch {
    throw new UsageError('There is an option that is not one of these.');
  }
}

async function loadBrand(did: string, folder: string): Promise<Brand> {
  makePrivateFolder(folder);
  const path = join(folder, KEY_FILE);
  if (!existsSync(path)) writePrivate(path, `${JSON.stringify(await generateKey())}\n`);
  assertPrivate(path);
  try {
    const key = await importSigningKey(JSON.parse(readFileSync(path, 'utf8')));
    return { did, kid: `${did}#sig-1`, key };
  } catch {
    throw new CommandError(`${path} is not a key file; remove it, and a new one is made.`);
  }
}

function documentOf(brand: Brand, origin: string): Promise<string> {
  return brandDocument({
    did: brand.did,
    keys: [{ kid: brand.kid, jwk: brand.key.publicJwk }],
    manifest: {
      name: 'My brand',
      category: 'Trying it out',
      origins: [origin],
      purposes: [PURPOSE],
      attributes: [ATTRIBUTE, 'intent.travel'],
      custom: [],
      period: 'P366D',
      retention: 'P90D',
    },
    ...LOOPBACK,
  });
}

/** On both loopback addresses, because `localhost` is either. @throws CommandError */
async function serve(port: number, document: string): Promise<Server[]> {
  const servers: Server[] = [];
  for (const host of ['127.0.0.1', '::1']) {
    const server = createServer((request, response) => {
      if (request.url !== '/.well-known/did.json') {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('content-type', 'application/did+json');
      response.setHeader('access-control-allow-origin', '*');
      response.end(document);
    });
    const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once('error', resolve);
      server.listen(port, host, () => resolve(null));
    });
    if (failure === null) servers.push(server);
    // A machine without IPv6 is no reason not to go on.
    else if (!['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(failure.code ?? '')) {
      for (const open of servers) open.close();
      throw new CommandError(`Port ${port} cannot be listened on; take another for the brand.`);
    }
  }
  return servers;
}

function curlOf(api: string, token: string): string {
  const body = {
    subject: { type: 'user', id: 'the-pseudonym-of-a-grant' },
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
    return 'The vault service knows this brand with another key and has frozen it; its operator can readmit it.';
  }
  if (refusal === 'brand/unreachable' || refusal === 'did/syntax') {
    return `${api} does not read brand documents on loopback; it must run with ZUSAGE_DEVELOPMENT=true.`;
  }
  return `The vault service at ${api} refused: ${refusal ?? code}.`;
}
