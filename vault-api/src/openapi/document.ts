import * as z from 'zod';
import { type ApiCode, ApiError, isApiCode, oauthError, problemOf } from '../errors.ts';
import type { Answer, Codes, Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

type Json = { [member: string]: unknown };

/** What may go wrong with every operation, with every body, and with every limit on load. */
const ALWAYS: Record<number, Codes[]> = {
  400: ['http/malformed'],
  404: ['http/not-found'],
  503: ['service/unavailable', 'service/busy', 'service/quarantine'],
};
const WITH_BODY: Record<number, Codes[]> = {
  400: ['http/malformed', 'bytes/*', 'json/*'],
  413: ['http/too-large', 'bytes/too-large'],
};
const OF_TYPE: Record<number, Codes[]> = {
  415: ['http/unsupported-media-type'],
};
const LIMITED: Record<number, Codes[]> = { 429: ['http/rate'] };
const OF_BRANDS: Record<number, Codes[]> = { 429: ['http/brand-rate'] };

/** OpenAPI 3.1 of the whole service, made from the shapes the routes parse with. Nothing in it depends on settings. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}').replace('*', '{number}');
    paths[path] = { ...paths[path], [operation.method]: described(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Zusage vault API',
      version: '1',
      description:
        'Checks what a consumer agreed to. Errors are RFC 9457 problems whose `code` is of a closed set; at OAuth endpoints they are `application/json` and carry `error` as well.\n\nTo try it here, **Authorize** takes the token that `npm run enrol` prints for a brand on your own machine, or any of `POST /token`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: ['Checks', 'Brands', 'Grants', 'Status', 'Log', 'Metadata', 'Operation'].map((name) => ({
      name,
    })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Of POST /token, with a key of the brand document',
        },
      },
    },
  };
}

function described(operation: Operation): Json {
  const { tag, summary, description, auth, body, path, method } = operation;
  return {
    operationId: `${method}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(auth !== undefined && {
      security: auth === 'token' ? [{ token: [] }] : [{ token: [] }, {}],
    }),
    ...parametersOf(operation),
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: {
          [body.type]: bodyOf(body),
        },
      },
    }),
    responses: { ...answersOf(operation), ...problemsOf(operation) },
  };
}

/** Pages show the fields of a form one by one, each with the example of its own; one without stays empty. */
function bodyOf({ type, shape, example }: NonNullable<Operation['body']>): Json {
  const schema = schemaOf(shape);
  if (example === undefined) return { schema };
  if (type !== 'application/x-www-form-urlencoded') return { schema, example };
  const values = example as Record<string, string>;
  const properties = Object.entries(schema['properties'] as Record<string, Json>).map(
    ([name, property]) => [name, { ...property, examples: [values[name] ?? ''] }],
  );
  return { schema: { ...schema, properties: Object.fromEntries(properties) } };
}

function parametersOf({ params = {}, query, headers = {} }: Operation): Json {
  const named = (place: string, required: boolean) => (entry: [string, string]) => ({
    name: entry[0],
    in: place,
    required,
    description: entry[1],
    schema: { type: 'string' },
  });
  const { properties = {}, required = [] } = query === undefined ? {} : schemaOf(query);
  const parameters = [
    ...Object.entries(params).map(named('path', true)),
    ...Object.entries(properties as Json).map(([name, schema]) => ({
      name,
      in: 'query',
      required: (required as string[]).includes(name),
      schema,
    })),
    ...Object.entries(headers).map(named('header', false)),
  ];
  return parameters.length === 0 ? {} : { parameters };
}

function answersOf({ answers }: Operation): Json {
  return Object.fromEntries(
    Object.entries<Answer>(answers).map(([status, { says, bodies, headers, examples }]) => [
      status,
      {
        description: says,
        ...(headers !== undefined && {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, text]) => [
              name,
              { description: text, schema: { type: 'string' } },
            ]),
          ),
        }),
        ...(bodies !== undefined && { content: contentOf(bodies, examples) }),
      },
    ]),
  );
}

function contentOf(bodies: NonNullable<Answer['bodies']>, examples: Answer['examples']): Json {
  return Object.fromEntries(
    Object.entries(bodies).map(([type, shape]) => [
      type,
      {
        schema: schemaOf(shape, 'output'),
        ...(type === 'application/json' && examples !== undefined && { examples: named(examples) }),
      },
    ]),
  );
}

function named(examples: NonNullable<Answer['examples']>): Json {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
}

/** The codes an operation may answer with, by status. */
export function codesOf({
  problems = {},
  body,
  limited,
  auth,
  authzen,
}: Operation): Map<string, Set<Codes>> {
  const codes = new Map<string, Set<Codes>>();
  const sources = [
    ALWAYS,
    ...(body === undefined ? [] : [WITH_BODY]),
    ...(body === undefined || authzen ? [] : [OF_TYPE]),
    ...(limited === false ? [] : [LIMITED]),
    ...(auth === undefined ? [] : [OF_BRANDS]),
    problems,
  ];
  for (const source of sources) {
    for (const [status, more] of Object.entries<readonly Codes[]>(source)) {
      codes.set(status, new Set([...(codes.get(status) ?? []), ...more]));
    }
  }
  return codes;
}

function problemsOf(operation: Operation): Json {
  const isOauth = operation.body?.type === 'application/x-www-form-urlencoded';
  const type = isOauth ? 'application/json' : 'application/problem+json';
  return Object.fromEntries(
    [...codesOf(operation)].map(([status, codes]) => [
      status,
      {
        description: [...codes].map((code) => `\`${code}\``).join(', '),
        content: {
          [type]: {
            schema: problemShape(Number(status), codes, isOauth),
            ...exampleOf(codes, isOauth),
          },
        },
      },
    ]),
  );
}

/** Of the first code of the service's own. */
function exampleOf(codes: ReadonlySet<Codes>, isOauth: boolean): Json {
  const code = [...codes].find((one): one is ApiCode => isApiCode(one));
  if (code === undefined) return {};
  const problem = problemOf(new ApiError(code));
  return { example: isOauth ? { error: oauthError(problem), ...problem } : problem };
}

function problemShape(status: number, codes: ReadonlySet<Codes>, isOauth: boolean): Json {
  const pattern = [...codes].map((code) => code.replace('*', '[a-z-]+')).join('|');
  const required = ['type', 'title', 'status', 'code', ...(isOauth ? ['error'] : [])];
  return {
    type: 'object',
    properties: {
      type: { type: 'string', pattern: `^urn:zusage:error:(?:${pattern})$` },
      title: { type: 'string' },
      status: { const: status },
      code: { type: 'string', pattern: `^(?:${pattern})$` },
      detail: { type: 'string', description: "On a developer's own machine only" },
      ...(isOauth && { error: { type: 'string' } }),
    },
    required,
    additionalProperties: false,
  };
}

/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
function schemaOf(shape: z.core.$ZodType, io: 'input' | 'output' = 'input'): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  return schema;
}
