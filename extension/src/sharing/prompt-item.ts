import {
  type Attribute,
  attribute,
  checkValue,
  freshness,
  type Value,
} from '@zusage/protocol/vocabulary/index';
import { attributeView, precisionViews } from '../commands/views.ts';
import type { PromptItem } from '../messages.ts';
import { type HeldAttribute, isLocal, today } from './attribute-lookup.ts';
import type { Services } from './services.ts';

/**
 * One attribute of a request.
 * @param what undefined when the brand's own document does not allow asking for it
 */
export function promptItem(
  services: Services,
  id: string,
  {
    what,
    required,
    record,
  }: { what: Attribute | undefined; required: boolean; record: HeldAttribute | undefined },
): PromptItem {
  if (what === undefined) return outOfBounds(services, id);
  const state = stateOf(what, record, today(services));
  if (state === 'local') {
    return { ...attributeView(services, id, what), required, state, precisions: [] };
  }
  const held = state === 'missing' ? undefined : record;
  return {
    ...attributeView(services, id, what, held),
    required,
    state,
    precisions: precisionViews(services, what, held),
  };
}

/** Whether a held value can be shared as it is. */
export function stateOf(
  what: Attribute,
  record: HeldAttribute | undefined,
  day: string,
): 'held' | 'missing' | 'stale' | 'local' {
  // Nothing of it is said or changed here, whatever it is.
  if (isLocal(what, record)) return 'local';
  // A value from another version of the vocabulary that no longer fits is asked for anew.
  if (record === undefined || checkValue(what, record.value) !== null) return 'missing';
  if (freshness(what, record.confirmedOn, day, record.value as Value) !== 'stale') return 'held';
  // So is an intent whose day has passed: it cannot be called still true.
  return what.halfLifeDays === 'own-date' ? 'missing' : 'stale';
}

function outOfBounds(services: Services, id: string): PromptItem {
  const what = attribute(id);
  const view = what
    ? attributeView(services, id, what)
    : {
        id,
        classId: 'custom',
        classLabel: '',
        label: id,
        help: '',
        example: '',
        input: { kind: 'text', maxLength: 1 } as const,
        sensitivity: 'personal' as const,
        sensitive: false,
        hasUntil: false,
      };
  return { ...view, required: false, state: 'out-of-bounds', precisions: [] };
}
