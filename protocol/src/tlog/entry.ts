import { type Bytes, decodeBase64url, decodeUtf8, encodeUtf8 } from '../bytes.ts';
import { FormatError } from '../errors.ts';
import { type Json, parseJson } from '../json.ts';
import { TlogError } from './errors.ts';

/** Every lifecycle entry is this long, so that its bytes say nothing. */
export const LIFECYCLE_LENGTH = 147;
/** Longest key event, bytes. */
export const MAX_KEY_EVENT = 4096;

/** A change of a grant, or padding: a commitment, and the tags of two streams. All base64url. */
export type LifecycleEntry = {
  readonly kind: 'e';
  readonly minute: Minute;
  /** 32 bytes. */
  readonly commitment: string;
  /** 16 bytes. */
  readonly brandTag: string;
  /** 16 bytes. */
  readonly personTag: string;
};

/** A minute's checks and searches under one root, 32 bytes base64url. */
export type AccessEntry = { readonly kind: 'a'; readonly minute: Minute; readonly root: string };

/** What the log says in clear about keys, brands and auditors. */
export type KeyEntry = {
  readonly kind: 'k';
  readonly minute: Minute;
  readonly type: string;
  readonly body: { readonly [member: string]: Json };
};

/** RFC 3339 to the minute, in UTC: `2026-11-22T05:00Z`. Sorts as text. */
export type Minute = string;
export type LogEntry = LifecycleEntry | AccessEntry | KeyEntry;

const T = '([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z)';
// The last character carries only the bits that are left over; the rest must be zero.
const B32 = '([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])';
const B16 = '([A-Za-z0-9_-]{21}[AQgw])';
const LIFECYCLE = new RegExp(
  `^\\{"v":1,"k":"e","t":"${T}","c":"${B32}","b":"${B16}","s":"${B16}"\\}$`,
);
const ACCESS = new RegExp(`^\\{"v":1,"k":"a","t":"${T}","r":"${B32}"\\}$`);
const KEY = new RegExp(
  `^\\{"v":1,"k":"k","t":"${T}","type":"([a-z0-9][a-z0-9._/-]{0,63})","body":"([A-Za-z0-9_-]+)"\\}$`,
);

/**
 * Accepts only the one spelling of each kind.
 * @param entry bytes, or their text
 * @throws TlogError `entry/format`, `entry/too-large`
 */
export function parseEntry(entry: Uint8Array | string): LogEntry {
  const text = typeof entry === 'string' ? entry : textOf(entry);
  const e = LIFECYCLE.exec(text) as [string, string, string, string, string] | null;
  if (e !== null) {
    const [, t, commitment, brandTag, personTag] = e;
    return { kind: 'e', minute: minuteOf(t), commitment, brandTag, personTag };
  }
  const a = ACCESS.exec(text) as [string, string, string] | null;
  if (a !== null) return { kind: 'a', minute: minuteOf(a[1]), root: a[2] };
  const k = KEY.exec(text) as [string, string, string, string] | null;
  if (k === null) throw new TlogError('entry/format');
  return { kind: 'k', minute: minuteOf(k[1]), type: k[2], body: bodyOf(k[3]) };
}

function textOf(bytes: Uint8Array): string {
  if (bytes.length > MAX_KEY_EVENT) throw new TlogError('entry/too-large');
  return orFormat(() => decodeUtf8(bytes));
}

function bodyOf(encoded: string): KeyEntry['body'] {
  const json = orFormat(() => parseJson(decodeBase64url(encoded)));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TlogError('entry/format');
  }
  return json;
}

function orFormat<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new TlogError('entry/format', { cause });
  }
}

let lastMinute = '';

/** A minute that a calendar has. Neighbouring entries share theirs, so the last one is remembered. */
function minuteOf(text: string): Minute {
  if (text === lastMinute) return text;
  const at = Date.parse(text);
  if (Number.isNaN(at) || minuteAt(at / 1000) !== text) throw new TlogError('entry/format');
  lastMinute = text;
  return text;
}

/** @param seconds since 1970 */
export function minuteAt(seconds: number): Minute {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
}

/** Seconds since 1970 at which the minute begins. */
export function secondsOf(minute: Minute): number {
  return Date.parse(minute) / 1000;
}

/** The entry's bytes, in the spelling that `parseEntry` accepts. */
export function formatEntry(entry: Exclude<LogEntry, KeyEntry>): Bytes {
  const { kind: k, minute: t } = entry;
  const members =
    entry.kind === 'e'
      ? { c: entry.commitment, b: entry.brandTag, s: entry.personTag }
      : { r: entry.root };
  return encodeUtf8(JSON.stringify({ v: 1, k, t, ...members }));
}
