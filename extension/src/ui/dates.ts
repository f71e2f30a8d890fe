import type { Day } from '../messages.ts';
import { locale, t } from './words.ts';

/** Seconds of a day. */
const DAY = 86_400;

/** Now as NumericDate (seconds, UTC). */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** NumericDate → "22 November 2026" where the person is. */
export function date(at: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(at * 1000);
}

/** NumericDate → "22 Nov 2026", where a long date would be cut off; German's own medium style is numbers alone. */
export function shortDate(at: number): string {
  const parts = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  return new Intl.DateTimeFormat(locale(), parts).format(at * 1000);
}

/** NumericDate → "14:32" where the person is. */
export function time(at: number): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: 'short' }).format(at * 1000);
}

/** `YYYY-MM-DD` → "22 November 2026"; a day has no time zone, so none is applied. */
export function day(value: Day): string {
  const at = Date.parse(`${value}T00:00:00Z`);
  if (Number.isNaN(at)) return value;
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}

/** Today as `YYYY-MM-DD` where the person is. */
export function today(): Day {
  const at = new Date();
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** NumericDate → "in 12 days", "yesterday"; months from sixty days on. */
export function distance(at: number, from: number): string {
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  const days = Math.round((at - from) / DAY);
  if (Math.abs(days) >= 60) return relative.format(Math.round(days / 30.44), 'month');
  if (days !== 0) return relative.format(days, 'day');
  const hours = Math.round((at - from) / 3600);
  return hours === 0
    ? relative.format(Math.round((at - from) / 60), 'minute')
    : relative.format(hours, 'hour');
}

/** A number of days → "90 days". */
export function days(n: number): string {
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: 'day',
    unitDisplay: 'long',
  }).format(n);
}

/** Whole days → NumericDate that many days from `from`. */
export function after(n: number, from: number): number {
  return from + n * DAY;
}

/** Seconds left → "9:30". */
export function clock(seconds: number): string {
  const left = Math.max(0, seconds);
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}

/** When a benefit is due: an ISO 8601 duration in days ("P1D") → "within 1 day"; other words stay as they are. */
export function due(value: string): string {
  const n = /^P(\d+)D$/.exec(value)?.[1];
  if (n === undefined) return value;
  return n === '0' ? t('due_at_once') : t('due_within', days(Number(n)));
}
