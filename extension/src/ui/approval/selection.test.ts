import '../browser-in-node.ts';

import { expect, test } from 'vitest';
import type { PromptItem, PromptView } from '../../messages.ts';
import {
  chosenItems,
  decisionOf,
  isListed,
  nearestChoices,
  openChoices,
  precisionOf,
  problemOfItem,
  startOf,
} from './selection.ts';

function item(id: string, more: Partial<PromptItem> = {}): PromptItem {
  return {
    id,
    classId: 'size',
    classLabel: 'Sizes',
    label: id,
    help: '',
    example: '',
    input: { kind: 'text', maxLength: 20 },
    sensitivity: 'ordinary',
    sensitive: false,
    hasUntil: false,
    required: false,
    state: 'held',
    precisions: [{ id: 'exact', label: 'exactly', shown: id }],
    ...more,
  };
}

const shoe = item('shoe', { required: true });
const trip = item('trip');
const coffee = item('coffee');
const news = item('news', { state: 'out-of-bounds', precisions: [] });

function prompt(items: PromptItem[], choices: string[][]): PromptView {
  return {
    id: 'r',
    site: 'shop.example',
    brand: { did: 'did:web:shop.example', name: 'Shop', known: true },
    purposes: [],
    brandSays: '',
    items,
    choices,
    from: 0,
    until: 1000,
    shorterUntil: [500],
    uses: null,
    retentionDays: 90,
    recipients: [],
    benefit: null,
    risk: [],
    notice: '',
    contact: '',
    vaultService: '',
    lang: 'en',
    wording: '1',
  };
}

const view = prompt(
  [shoe, trip, coffee, news],
  [['shoe'], ['shoe', 'trip'], ['shoe', 'trip', 'coffee'], ['shoe', 'news']],
);
const ids = (items: PromptItem[]) => items.map((i) => i.id);

test('nothing optional is chosen before the person ticks it', () => {
  expect(ids(chosenItems(view, startOf(view)))).toEqual(['shoe']);
});

test('an item beyond the bounds of the brand is never chosen', () => {
  const ticked = { ...startOf(view), ticked: new Set(['news', 'trip']) };
  expect(ids(chosenItems(view, ticked))).toEqual(['shoe', 'trip']);
  const demanded = prompt([{ ...news, required: true }, shoe], [['shoe', 'news']]);
  expect(ids(chosenItems(demanded, startOf(demanded)))).toEqual(['shoe']);
  expect(isListed(demanded, startOf(demanded))).toBe(false);
  expect(openChoices(view)).not.toContainEqual(['shoe', 'news']);
});

test('only a choice that equals a listed set can be shared', () => {
  const start = startOf(view);
  expect(isListed(view, start)).toBe(true);
  expect(isListed(view, { ...start, ticked: new Set(['coffee']) })).toBe(false);
  expect(isListed(view, { ...start, ticked: new Set(['coffee', 'trip']) })).toBe(true);
});

test('the combinations nearest to what is ticked are named first', () => {
  const ticked = { ...startOf(view), ticked: new Set(['coffee']) };
  expect(nearestChoices(view, ticked, 2)).toEqual([['shoe'], ['shoe', 'trip', 'coffee']]);
});

test('a missing value has to be entered, a stale one confirmed or changed', () => {
  const missing = item('shoe', { state: 'missing', precisions: [] });
  const stale = item('coffee', { state: 'stale' });
  const start = startOf(view);
  expect(problemOfItem(missing, start)).toBe('input_missing');
  expect(problemOfItem(stale, start)).toBe('not_confirmed');
  expect(problemOfItem(stale, { ...start, confirmed: new Set(['coffee']) })).toBe(null);
  const drafts = { shoe: { value: 'EU 42', until: undefined } };
  expect(problemOfItem(missing, { ...start, drafts })).toBe(null);
});

test('the decision holds exactly what was chosen, and the value entered instead of a confirmation', () => {
  const asked = prompt(
    [
      item('shoe', { required: true, state: 'missing', precisions: [] }),
      item('coffee', { state: 'stale' }),
      item('trip', { state: 'stale' }),
    ],
    [['shoe', 'coffee', 'trip']],
  );
  const decision = decisionOf(asked, {
    ...startOf(asked),
    ticked: new Set(['coffee', 'trip']),
    confirmed: new Set(['coffee', 'trip']),
    precision: { trip: 'band' },
    drafts: {
      shoe: { value: ' EU 42 ', until: '2027-01-01' },
      coffee: { value: 'filter', until: undefined },
      elsewhere: { value: 'never shared', until: undefined },
    },
    until: 500,
  });
  expect(decision).toEqual({
    share: true,
    items: [
      { id: 'shoe', precision: 'exact' },
      { id: 'coffee', precision: 'exact' },
      { id: 'trip', precision: 'band' },
    ],
    until: 500,
    entered: [
      { id: 'shoe', value: 'EU 42' },
      { id: 'coffee', value: 'filter' },
    ],
    confirmed: ['trip'],
  });
});

test('the decision says which words it was taken on, for every value that was not entered here', () => {
  const asked = prompt([shoe, trip], [['shoe', 'trip']]);
  const seen = { ...startOf(asked), ticked: new Set(['trip']) };
  const drafts = { trip: { value: 'Rome', until: undefined } };
  expect(decisionOf(asked, { ...seen, drafts })).toMatchObject({
    items: [
      { id: 'shoe', precision: 'exact', shown: 'shoe' },
      { id: 'trip', precision: 'exact' },
    ],
  });
});

test('what is told is as exact as the first precision offered, until the person chooses another', () => {
  const band = item('age', { precisions: [{ id: 'band', label: 'a range', shown: '30–39' }] });
  expect(precisionOf(band, startOf(view))).toBe('band');
});
