import { decodeUtf8 } from '@zusage/protocol/bytes';
import { parseJson } from '@zusage/protocol/json';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { ApiError } from './errors.ts';

/** The three kinds of body; each route accepts exactly one. */
export type MediaType =
  | 'application/jwt'
  | 'application/json'
  | 'application/x-www-form-urlencoded';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The only content type this route takes. */
    accepts?: MediaType;
    /**
     * Another content type is 400 like any other malformed request, as AuthZEN's certification asks. `properties` and
     * `context` hold any JSON, so any number.
     */
    authzen?: true;
    /** Answered also while the database is not the latest. */
    inQuarantine?: true;
    /** Errors are those of RFC 6749 §5.2, in `application/json`. */
    oauth?: true;
  }
}

/** Largest body, bytes. */
export const MAX_BODY = 256 * 1024;

/** The strict parsers of the protocol instead of the framework's own. */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parsers: [MediaType, (bytes: Buffer, isAuthzen: boolean) => unknown][] = [
    ['application/jwt', decodeUtf8],
    ['application/json', (bytes, anyNumber) => parseJson(bytes, { anyNumber })],
    ['application/x-www-form-urlencoded', parseForm],
  ];
  for (const [type, parse] of parsers) {
    app.addContentTypeParser(
      type,
      { parseAs: 'buffer' },
      (
        request: FastifyRequest,
        body: Buffer,
        done: (error: Error | null, parsed?: unknown) => void,
      ) => {
        let parsed: unknown;
        try {
          parsed = parse(body, request.routeOptions.config.authzen === true);
        } catch (error) {
          done(error as Error);
          return;
        }
        done(null, parsed);
      },
    );
  }
  app.addHook('onRequest', ({ headers, routeOptions: { config } }, _, done) => {
    if (config.accepts === undefined || mediaType(headers['content-type']) === config.accepts) {
      done();
    } else {
      const code = config.authzen ? 'http/malformed' : 'http/unsupported-media-type';
      done(new ApiError(code, { detail: `Content-Type must be ${config.accepts}.` }));
    }
  });
}

/** The type alone; the only parameter that may follow says UTF-8. */
function mediaType(header: string | undefined): string | undefined {
  if (header === 'application/json') return header;
  return /^([a-z/-]+)(?:; ?charset="?utf-8"?)?$/i.exec(header ?? '')?.[1]?.toLowerCase();
}

/** RFC 6749 §3.2: no parameter twice. */
function parseForm(bytes: Buffer): Record<string, string> {
  const pairs = [...new URLSearchParams(decodeUtf8(bytes))];
  const form = Object.fromEntries(pairs);
  if (Object.keys(form).length !== pairs.length) {
    throw new ApiError('http/malformed', { detail: 'A parameter is there twice.' });
  }
  return form;
}

/** @throws ApiError `http/malformed`; zod's own words quote values and stay here */
export function shaped<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw malformed(parsed.error);
  return parsed.data;
}

/** Names the first member that is wrong, where the schema names it. */
export function malformed({ issues: [issue] }: z.ZodError): ApiError {
  const place = issue?.path.join('.') || 'What was sent';
  const wrong =
    issue?.code === 'unrecognized_keys' ? 'has a member too many' : 'is missing or wrong';
  return new ApiError('http/malformed', {
    detail: `${place} ${wrong}; /docs shows what is expected.`,
  });
}

/** A bare JWS. */
export const CompactBody = z.string().min(1);
