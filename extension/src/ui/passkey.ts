/**
 * Passkeys of this device, by the PRF extension of WebAuthn (Level 3, §10.1.4). Only pages can ask them; the popup is
 * closed by the browser's dialog, so only pages in a tab do.
 */
import type { PasskeyQuestion, Proof } from '../messages.ts';
import { t } from './words.ts';

/** `cancelled`: by the person, or by the browser after a time. `unable`: this passkey cannot do what is needed. */
export type PasskeyProblem = 'cancelled' | 'unable';

const EXTENSION_PRF = 'extension:prf';

/**
 * Whether this browser can. Firefox gives the pages of an extension no name that a passkey could be for, whatever it
 * says of itself.
 */
export async function passkeysPossible(): Promise<boolean> {
  if (location.protocol !== 'chrome-extension:' || !('PublicKeyCredential' in window)) return false;
  try {
    const can = await PublicKeyCredential.getClientCapabilities();
    return can[EXTENSION_PRF] === true;
  } catch {
    return false;
  }
}

/** Asks for one of the vault's passkeys: what it answers lets the person in. */
export async function askPasskey(
  questions: readonly PasskeyQuestion[],
): Promise<Extract<Proof, { passkey: unknown }> | PasskeyProblem> {
  const answered = await asked(
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: questions.map(({ id }) => ({ type: 'public-key', id: bytes(id) })),
        userVerification: 'required',
        extensions: {
          prf: {
            evalByCredential: Object.fromEntries(
              questions.map(({ id, salt }) => [id, { first: bytes(salt) }]),
            ),
          },
        },
      },
    }),
  );
  if (typeof answered === 'string') return answered;
  const prf = firstResult(answered);
  return prf === null ? 'unable' : { passkey: { id: text(new Uint8Array(answered.rawId)), prf } };
}

/** Makes a passkey and asks it once. @param known ids of the vault's passkeys: none is made where one is already */
export async function newPasskey(
  name: string,
  known: readonly string[],
): Promise<{ question: PasskeyQuestion; prf: string } | PasskeyProblem> {
  const salt = random(32);
  const made = await asked(
    navigator.credentials.create({
      publicKey: {
        rp: { name: t('extension_name') },
        user: { id: random(16), name, displayName: name },
        challenge: random(32),
        // ES256, EdDSA, RS256: what is signed is looked at by nobody, only the PRF counts.
        pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: known.map((id) => ({ type: 'public-key', id: bytes(id) })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  if (typeof made === 'string') return made;
  const question = { id: text(new Uint8Array(made.rawId)), salt: text(salt) };
  if (made.getClientExtensionResults().prf?.enabled !== true) {
    await forgetPasskey(question.id);
    return 'unable';
  }
  // Some answer only when they are asked, not when they are made.
  const prf = firstResult(made);
  if (prf !== null) return { question, prf };
  const answered = await askPasskey([question]);
  return typeof answered === 'string' ? answered : { question, prf: answered.passkey.prf };
}

/** Tells who keeps the passkey that it opens nothing any more, so that it is not offered again. */
export async function forgetPasskey(id: string): Promise<void> {
  try {
    await PublicKeyCredential.signalUnknownCredential({
      rpId: location.hostname,
      credentialId: id,
    });
  } catch {
    // It is only tidier: the vault has forgotten it already.
  }
}

async function asked(
  request: Promise<Credential | null>,
): Promise<PublicKeyCredential | PasskeyProblem> {
  try {
    return ((await request) as PublicKeyCredential | null) ?? 'cancelled';
  } catch (error) {
    return error instanceof DOMException && /NotAllowed|Abort/.test(error.name)
      ? 'cancelled'
      : 'unable';
  }
}

function firstResult(credential: PublicKeyCredential): string | null {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  const answer = new Uint8Array(first instanceof ArrayBuffer ? first : first.buffer);
  return answer.length === 32 ? text(answer) : null;
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Bytes → base64url. */
function text(value: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...value));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** base64url → bytes. */
function bytes(value: string): Uint8Array<ArrayBuffer> {
  const base64 = value.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
