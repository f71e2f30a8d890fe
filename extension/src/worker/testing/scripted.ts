/** The other half of the worker as a script: each answer replaceable, each call on record. */
import { vi } from 'vitest';
import { CommandFailure } from '../../sharing/failure.ts';
import type { Sharing, Step, StoredDecision } from '../../sharing/types.ts';
import type { Ports } from '../ports.ts';
import { type MemoryBrowser, memoryBrowser } from './memory-browser.ts';

export const RESPONSE = { response: 'eyJ.encrypted.to.the.brand' };
export const ITEMS = [{ id: 'size.shoe', precision: 'exact' as const }];

export function scripted(memory: MemoryBrowser = memoryBrowser()) {
  const state = { vault: 'unlocked' as 'none' | 'locked' | 'unlocked' | 'newer', blocked: false };
  const get = vi.fn(async (): Promise<unknown> => undefined);
  const sharing = {
    prepare: vi.fn<Sharing['prepare']>(async () => ({ ok: true })),
    promptView: vi.fn<Sharing['promptView']>(async ({ key }) => {
      if (state.vault !== 'unlocked') throw new CommandFailure('locked');
      return { id: key } as Awaited<ReturnType<Sharing['promptView']>>;
    }),
    decide: vi.fn<Sharing['decide']>(
      async (_, decision): Promise<StoredDecision> =>
        decision.share
          ? { share: true, items: decision.items, until: decision.until }
          : { share: false },
    ),
    advance: vi.fn<Sharing['advance']>(async (_asked, _decision, _step, save, alive) => {
      if (!(await alive())) return { failed: 'page-gone' };
      for (const name of ['slot', 'signed', 'registered', 'encrypted'] as Step['name'][]) {
        await save({ name, data: {} });
      }
      return { response: RESPONSE };
    }),
    delivered: vi.fn<Sharing['delivered']>(async () => {}),
    abandon: vi.fn<Sharing['abandon']>(async () => {}),
    withdrawUndelivered: vi.fn<Sharing['withdrawUndelivered']>(async () => {}),
    refused: vi.fn<Sharing['refused']>(async () => {}),
    resumeAfterUnlock: vi.fn<Sharing['resumeAfterUnlock']>(async () => {}),
  } satisfies Sharing;
  const ports: Ports = {
    browser: memory.browser,
    sharing,
    handle: vi.fn(async (command) => {
      if (command === 'unlock') state.vault = 'unlocked';
      if (command === 'lock') state.vault = 'locked';
      return { vault: state.vault };
    }),
    readDue: vi.fn(async () => {}),
    vault: {
      state: async () => state.vault,
      deadline: async () => (state.vault === 'unlocked' ? Date.now() + 900_000 : null),
      lock: async () => {
        state.vault = 'locked';
      },
      isBlocked: async () => state.blocked,
      update: vi.fn(),
      erase: vi.fn(async () => {
        state.vault = 'none';
      }),
      get: get as Ports['vault']['get'],
    },
    now: Date.now,
    // The median: ln 1 = 0.
    random: () => 1,
    loopback: false,
    answerDivisor: async () => 1,
  };
  return { memory, sharing, ports, state, get };
}
