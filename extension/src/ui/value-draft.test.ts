import './browser-in-node.ts';

import { afterEach, expect, test } from 'vitest';
import type { AttributeView, InputView } from '../messages.ts';
import { spoken } from './browser-in-node.ts';
import { inWords, problemOf, problemText, typed } from './value-draft.ts';

afterEach(() => {
  spoken.lang = 'en';
});

function attribute(input: InputView, hasUntil = false): AttributeView {
  return {
    id: 'size.shoe',
    classId: 'size',
    classLabel: 'Sizes',
    label: 'Shoe size',
    help: '',
    example: '',
    input,
    sensitivity: 'ordinary',
    sensitive: false,
    hasUntil,
  };
}

const options = [
  { id: 'a', label: 'Climbing' },
  { id: 'b', label: 'Hiking' },
];
const number: InputView = { kind: 'number', min: 15, max: 55, step: 0.5, unit: 'EU' };
const none = { until: undefined };

test('nothing entered is a problem, a false answer is not', () => {
  const yesNo = attribute({ kind: 'yes-no' });
  expect(problemOf(yesNo, { ...none, value: undefined })).toBe('input_missing');
  expect(problemOf(yesNo, { ...none, value: false })).toBe(null);
  const choices = attribute({ kind: 'choices', options, max: 2 });
  expect(problemOf(choices, { ...none, value: [] })).toBe('input_missing');
});

test('a number stays within its range, and the sentence says which', () => {
  expect(problemOf(attribute(number), { ...none, value: 42.5 })).toBe(null);
  expect(problemOf(attribute(number), { ...none, value: 42.2 })).toBe('input_range');
  expect(problemOf(attribute(number), { ...none, value: 56 })).toBe('input_range');
  expect(problemText(number, 'input_range')).toBe('Enter a number from 15 to 55 in steps of 0.5.');
});

test('an e-mail address has a name, a sign and a domain', () => {
  const email = attribute({ kind: 'email' });
  expect(problemOf(email, { ...none, value: 'name@example.org' })).toBe(null);
  expect(problemOf(email, { ...none, value: 'name@example' })).toBe('input_email');
});

test('a telephone number has its country code, however it was typed', () => {
  const phone = attribute({ kind: 'phone' });
  const value = typed(phone.input, '+49 (30) 123-4567');
  expect(value).toBe('+49301234567');
  expect(problemOf(phone, { ...none, value })).toBe(null);
  expect(problemOf(phone, { ...none, value: '030123' })).toBe('input_phone');
});

test('a plan needs the day until which it is true, and not one that is over', () => {
  const plan = attribute({ kind: 'text', maxLength: 20 }, true);
  expect(problemOf(plan, { value: 'Alps', until: undefined })).toBe('input_until_missing');
  expect(problemOf(plan, { value: 'Alps', until: '2020-01-01' })).toBe('input_until_past');
  expect(problemOf(plan, { value: 'Alps', until: '9999-01-01' })).toBe(null);
});

test('a value is shown in words before it is shared', () => {
  expect(inWords(number, 42.5)).toBe('42.5 EU');
  expect(inWords({ kind: 'choices', options, max: 2 }, ['a', 'b'])).toBe('Climbing and Hiking');
  expect(inWords({ kind: 'yes-no' }, false)).toBe('No');
  spoken.lang = 'de';
  expect(inWords(number, 42.5)).toBe('42,5 EU');
  expect(inWords({ kind: 'date' }, '2026-03-01')).toBe('1. März 2026');
});
