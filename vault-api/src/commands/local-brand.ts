import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import {
  allowLoopback,
  type Brand,
  brandDocument,
  generateKey,
  importSigningKey,
} from '@zusage/protocol/brand';
import { assertPrivate, makePrivateFolder, writePrivate } from '../private-file.ts';
import { CommandError } from './command.ts';

export const PURPOSE = 'https://w3id.org/dpv#ProvideProductRecommendations';
export const ATTRIBUTE = 'size.shoe';
export const KEY_FILE = 'signing-key.json';
const LOOPBACK = { [allowLoopback]: true };

/** What is served, by path. */
export type Pages = { readonly [path: string]: { readonly type: string; readonly text: string } };

/** The brand's key is made the first time. @throws CommandError, PrivateFileError */
export async function loadBrand(did: string, folder: string): Promise<Brand> {
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

export function documentOf(brand: Brand, origin: string): Promise<string> {
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
export async function serve(port: number, pages: Pages): Promise<Server[]> {
  const servers: Server[] = [];
  for (const host of ['127.0.0.1', '::1']) {
    const server = createServer((request, response) => {
      const page = pages[request.url ?? ''];
      if (page === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('content-type', page.type);
      response.setHeader('access-control-allow-origin', '*');
      response.end(page.text);
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
