import { decodeUtf8 } from './bytes.ts';
import { type FormatCode, FormatError } from './errors.ts';

/**
 * The one JSON parser for everything signed or from outside (SPEC §1). RFC 8259, and stricter: no duplicate
 * members, no lone surrogates, no `__proto__`, nesting at most 16, numbers only safe integers in their shortest form.
 * `JSON.parse` cannot see duplicates, and two parsers that disagree about one are an attack.
 */
export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

const MAX_DEPTH = 16;
/** Characters. Doors have smaller limits of their own; this one keeps the patterns below within their engine's stack. */
const MAX_LENGTH = 1 << 20;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 §7 forbids them unescaped.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = /[ \t\n\r]*/y;

/** Where each member of an object or array begins: characters from the start of the text. */
export type Places = WeakMap<object, Map<string, number>>;

class Reader {
  at = 0;
  private readonly text: string;
  private readonly places: Places | null;
  private readonly anyNumber: boolean;
  constructor(text: string, places: Places | null = null, anyNumber = false) {
    this.text = text;
    this.places = places;
    this.anyNumber = anyNumber;
  }

  document(): Json {
    const value = this.value(1);
    this.space();
    if (this.at !== this.text.length) throw new FormatError('json/syntax');
    return value;
  }

  private value(depth: number): Json {
    this.space();
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private object(depth: number): Json {
    if (depth > MAX_DEPTH) throw new FormatError('json/depth');
    const members: { [member: string]: Json } = {};
    this.at++;
    if (this.took('}')) return members;
    do {
      this.space();
      const at = this.at;
      const name = this.string();
      if (name === '__proto__') throw new FormatError('json/proto');
      if (Object.hasOwn(members, name)) throw new FormatError('json/duplicate-member');
      this.expect(':');
      if (this.places !== null) this.note(members, name, at);
      members[name] = this.value(depth + 1);
    } while (this.took(','));
    this.expect('}');
    return members;
  }

  private array(depth: number): Json {
    if (depth > MAX_DEPTH) throw new FormatError('json/depth');
    const items: Json[] = [];
    this.at++;
    if (this.took(']')) return items;
    do {
      this.space();
      if (this.places !== null) this.note(items, String(items.length), this.at);
      items.push(this.value(depth + 1));
    } while (this.took(','));
    this.expect(']');
    return items;
  }

  private note(container: object, member: string, at: number): void {
    const known = this.places?.get(container) ?? new Map<string, number>();
    this.places?.set(container, known.set(member, at));
  }

  private string(): string {
    const plain = this.plain();
    if (plain !== null) return plain;
    const token = this.match(STRING);
    if (token === null) throw new FormatError('json/syntax');
    const value = JSON.parse(token) as string;
    if (!value.isWellFormed()) throw new FormatError('json/lone-surrogate');
    return value;
  }

  /** What nearly every string is: nothing escaped, nothing beyond ASCII. Its value is what stands there. */
  private plain(): string | null {
    const { text, at } = this;
    if (text.charCodeAt(at) !== QUOTE) return null;
    let end = at + 1;
    let code = text.charCodeAt(end);
    while (code >= 32 && code < 127 && code !== QUOTE && code !== BACKSLASH) {
      code = text.charCodeAt(++end);
    }
    if (code !== QUOTE) return null;
    this.at = end + 1;
    return text.slice(at + 1, end);
  }

  private number(): number {
    const token = this.match(NUMBER);
    if (token === null) throw new FormatError('json/syntax');
    const value = Number(token);
    const isOne = this.anyNumber
      ? Number.isFinite(value)
      : Number.isSafeInteger(value) && String(value) === token;
    if (!isOne) throw new FormatError('json/number');
    return value;
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw new FormatError('json/syntax');
    this.at += word.length;
    return value;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return null;
    const token = this.text.slice(this.at, pattern.lastIndex);
    this.at = pattern.lastIndex;
    return token;
  }

  private space(): void {
    // A character code up to 32 is white space, or refused by whoever looks next.
    if (this.text.charCodeAt(this.at) > 32) return;
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
  }

  private took(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private expect(character: string): void {
    if (!this.took(character)) throw new FormatError('json/syntax');
  }
}

/**
 * @param input text, or UTF-8 bytes
 * @param options `anyNumber`: for a message of another standard, unsigned, in which no number decides anything
 * @throws FormatError `bytes/too-large` above a million characters, `bytes/utf8`, `json/*`
 */
export function parseJson(
  input: string | Uint8Array,
  { anyNumber = false }: { anyNumber?: boolean } = {},
): Json {
  if (input.length > MAX_LENGTH * 4) throw new FormatError('bytes/too-large');
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  if (text.length > MAX_LENGTH) throw new FormatError('bytes/too-large');
  if (text.startsWith('\uFEFF')) throw new FormatError('bytes/utf8');
  return new Reader(text, null, anyNumber).document();
}

/**
 * For a file that a person chose: says where each member stands, and where reading came to an end. As strict as
 * `parseJson`, for larger texts.
 * @returns on failure the code and the character at which the text stops being good
 */
export function readJson(
  text: string,
): { ok: true; value: Json; places: Places } | { ok: false; code: FormatCode; at: number } {
  const places: Places = new WeakMap();
  const reader = new Reader(text, places);
  try {
    return { ok: true, value: reader.document(), places };
  } catch (error) {
    if (error instanceof FormatError) return { ok: false, code: error.code, at: reader.at };
    // A single string too long for the patterns' engine.
    if (error instanceof RangeError) return { ok: false, code: 'bytes/too-large', at: reader.at };
    throw error;
  }
}
