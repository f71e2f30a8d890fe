import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Proof } from '../messages.ts';
import { CodeInput } from './code-input.tsx';
import { askPasskey, type PasskeyProblem, passkeysPossible } from './passkey.ts';
import { PasskeyNotice } from './passkey-notice.tsx';
import { PassphraseInput } from './passphrase-input.tsx';
import { failure, status } from './session.ts';
import { useWait, Wait } from './wait.tsx';
import { type Key, t } from './words.ts';

export type Way = 'passphrase' | 'code' | 'passkey';

/** What the person has typed to show who they are, and the way they chose. */
export type ProofDraft = {
  readonly way: Signal<Way>;
  readonly typed: Signal<string>;
  /** Why the passkey that was asked gave no proof. */
  readonly problem: Signal<PasskeyProblem | null>;
};

export function useProofDraft(): ProofDraft {
  return {
    way: useSignal<Way>('passphrase'),
    typed: useSignal(''),
    problem: useSignal(null),
  };
}

/** The proof, or null when the passkey gave none; then `problem` says why. */
export async function proofOf({ way, typed, problem }: ProofDraft): Promise<Proof | null> {
  problem.value = null;
  if (way.value === 'passphrase') return { passphrase: typed.value };
  if (way.value === 'code') return { code: typed.value };
  const proof = await askPasskey(status.value?.ways.passkeys ?? []);
  if (typeof proof !== 'string') return proof;
  problem.value = proof;
  return null;
}

const LABELS: Readonly<Record<Way, Key>> = {
  passphrase: 'proof_passphrase',
  code: 'proof_code',
  passkey: 'proof_passkey',
};

/** Asks who the person is, before something that gives lasting access. */
export function ProofInput({ draft }: { draft: ProofDraft }) {
  const { way, typed, problem } = draft;
  const wait = useWait();
  const possible = useSignal(false);
  useEffect(() => {
    void passkeysPossible().then((can) => {
      possible.value = can;
    });
  }, []);
  const { recovery = false, passkeys = [] } = status.value?.ways ?? {};
  const ways: Way[] = ['passphrase'];
  if (recovery) ways.push('code');
  if (possible.value && passkeys.length > 0) ways.push('passkey');

  return (
    <fieldset class="stack">
      <legend>{t('proof_title')}</legend>
      {ways.length > 1 &&
        ways.map((one) => (
          <label class="tick" key={one}>
            <input
              type="radio"
              name="proof"
              data-testid={`proof-${one}`}
              checked={way.value === one}
              onChange={() => {
                way.value = one;
                typed.value = '';
                problem.value = null;
              }}
            />
            {t(LABELS[one])}
          </label>
        ))}
      {way.value === 'passphrase' && (
        <PassphraseInput
          id="proof"
          label={t('proof_passphrase')}
          value={typed}
          shown={false}
          autocomplete="current-password"
          invalid={failure.value === 'wrong-passphrase'}
        />
      )}
      {way.value === 'code' && <CodeInput id="proof" label={t('proof_code')} value={typed} />}
      <PasskeyNotice problem={problem.value} />
      {way.value !== 'code' && <Wait seconds={wait} />}
    </fieldset>
  );
}
