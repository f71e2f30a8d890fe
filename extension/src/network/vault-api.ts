import { parseJson } from '@zusage/protocol/json';
import { ReadAnswer } from '@zusage/protocol/read';
import { NumericDate, z } from '@zusage/protocol/shape';
import { SlotAnswer } from '@zusage/protocol/slot';
import type { Answer, Door } from './fetch.ts';

/**
 * An answer of the vault service: what was asked for, its "no" with the code of the problem (RFC 9457), or that it is
 * not known whether it did anything: no connection, an overload, an answer that cannot be read.
 */
export type ServiceAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly status: number; readonly code: string }
  | { readonly ok: false; readonly status: null };

/** A grant has at most 256 entries, and a few that the service makes beyond them. */
const MOST_PROOFS = 300;
/** Bytes of all proofs of one grant, of some 5 KB each: as much as `parseJson` takes. */
const PROOFS_LIMIT = 1_000_000;

const Registered = z.object({ receipt: z.string() });
export type Registered = z.infer<typeof Registered>;

const Changed = z.object({
  state: z.string(),
  seq: z.int().check(z.nonnegative()),
  undo_until: z.optional(NumericDate),
  receipt: z.string(),
});
export type Changed = z.infer<typeof Changed>;

/** SPEC §10 "Openings and proofs": what the grant log shows of one grant. */
const GrantProofs = z.object({
  proofs: z
    .array(
      z.object({
        seq: z.int().check(z.nonnegative()),
        event: z.string().check(z.maxLength(32)),
        proof: z.string(),
      }),
    )
    .check(z.maxLength(MOST_PROOFS)),
});
export type GrantProofs = z.infer<typeof GrantProofs>;

const Problem = z.object({ code: z.string().check(z.maxLength(64)) });

/** The routes of SPEC §§7, 8 the extension calls. Never throws. */
export function vaultApi(door: Door, vault: string) {
  return {
    /** @param proof `signSlotProof` */
    slot: (request: string, pseudonym: string, proof: string) =>
      call(() => door(`${vault}/grants/slots`, json({ request, pseudonym, proof })), SlotAnswer),

    /** @param body `registrationBody`: the same bytes may be sent again */
    register: (body: string) =>
      call(
        () => door(`${vault}/grants`, { type: 'application/json', text: body }),
        Registered,
        // 202: accepted, not yet in the log; the same POST again gives the receipt.
        (status) => status === 201 || status === 200,
      ),

    /** @param event signed `grant-event+jwt` */
    change: (jti: string, event: string) =>
      call(
        () => door(`${vault}/grants/${encodeURIComponent(jti)}/events`, jwt(event)),
        Changed,
        // 202: done, and only the receipt says that the log does not have it yet.
        (status) => status === 200 || status === 202,
      ),

    /** @param read signed `grant-read+jwt` */
    read: (jti: string, read: string) =>
      call(() => door(`${vault}/grants/${encodeURIComponent(jti)}/read`, jwt(read)), ReadAnswer),

    /** @param read signed `grant-read+jwt`, another one than for `read` */
    proofs: (jti: string, read: string) =>
      call(
        () =>
          door(`${vault}/grants/${encodeURIComponent(jti)}/proofs`, jwt(read), {
            limit: PROOFS_LIMIT,
          }),
        GrantProofs,
      ),
  };
}

/** The body of `POST /grants`, kept as text so that a repetition sends the same bytes. */
export function registrationBody(grantJwt: string, request: string): string {
  return JSON.stringify({ grant: `${grantJwt}~`, request });
}

const json = (value: object) =>
  ({ type: 'application/json', text: JSON.stringify(value) }) as const;
const jwt = (text: string) => ({ type: 'application/jwt', text }) as const;

async function call<S extends z.core.$ZodType>(
  send: () => Promise<Answer>,
  schema: S,
  done: (status: number) => boolean = (status) => status >= 200 && status < 300 && status !== 202,
): Promise<ServiceAnswer<z.output<S>>> {
  try {
    const { status, body } = await send();
    if (done(status)) return { ok: true, value: z.parse(schema, parseJson(body)) };
    if (status >= 400 && status < 500 && status !== 429 && status !== 408) {
      return { ok: false, status, code: problemCode(body) };
    }
  } catch {
    // Whatever it was, it is not known what the service did.
  }
  return { ok: false, status: null };
}

function problemCode(body: string): string {
  try {
    return z.parse(Problem, parseJson(body)).code;
  } catch {
    return '';
  }
}
