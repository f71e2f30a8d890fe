import type * as z from 'zod';
import type { MediaType } from '../body.ts';
import type { ProblemCode } from '../errors.ts';

/** A code, or all codes of one part of the protocol. */
export type Codes = ProblemCode | `${string}/*`;

/** One answer: its media types, each with the shape of its body; none without a body. */
export type Answer = {
  readonly says: string;
  readonly bodies?: Readonly<Record<string, z.core.$ZodType>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bodies in JSON, each under what it shows. */
  readonly examples?: Readonly<Record<string, object>>;
};

/** What OpenAPI says about one method of one path. The shapes are those the route itself parses with. */
export type Operation = {
  readonly method: 'get' | 'post';
  /** As the router writes it, such as `/grants/:jti/read`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** `token`: bearer only. `either`: bearer, or the client assertion among the body's members. */
  readonly auth?: 'token' | 'either';
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: {
    readonly type: MediaType;
    readonly shape: z.core.$ZodType;
    readonly example?: object;
  };
  /** Another content type is 400 like any other malformed request, not 415. */
  readonly authzen?: true;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Problems by status. What every operation may answer is added. */
  readonly problems?: Readonly<Record<number, readonly Codes[]>>;
  /** Refused for load (429). */
  readonly limited?: false;
};
