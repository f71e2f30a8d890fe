/** Bytes a file to import may have. */
export const MOST_BYTES = 8 * 1024 * 1024;

/** Why a whole file cannot be read; each has a sentence (`import_file_<code>`). */
export type FileProblem =
  | 'empty'
  | 'unreadable'
  | 'too-large'
  | 'too-many'
  | 'utf16'
  | 'encoding'
  | 'binary'
  | 'json-syntax'
  | 'json-duplicate'
  | 'json-number'
  | 'json-depth'
  | 'json-shape'
  | 'csv-header'
  | 'csv-quotes';

export type FileFailure = {
  readonly code: FileProblem;
  /** Counted from 1; null when it is the file as a whole. */
  readonly line: number | null;
  /** Characters from the start of the line, counted from 1. */
  readonly column: number | null;
};

export function fails(code: FileProblem, line: number | null = null, column: number | null = null) {
  return { failure: { code, line, column } } as const;
}

/** The text of a file in UTF-8, without its byte order mark; other encodings are named, never guessed. */
export function textOf(bytes: Uint8Array): { text: string } | { failure: FileFailure } {
  if (bytes.length > MOST_BYTES) return fails('too-large');
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // ASCII in UTF-16 has a zero in every pair of bytes.
  const zeros = [0, 1].map((odd) => share(bytes, (byte, i) => i % 2 === odd && byte === 0));
  if (marked || Math.max(...zeros) > 0.25) return fails('utf16');
  if (bytes.includes(0) || (first === 0x50 && second === 0x4b)) return fails('binary');
  const text = decode(bytes);
  if (text === null) return fails('encoding', firstBadLine(bytes));
  return text.trim() === '' ? fails('empty') : { text };
}

function share(bytes: Uint8Array, is: (byte: number, i: number) => boolean): number {
  const head = bytes.subarray(0, 4096);
  return head.length === 0 ? 0 : head.filter(is).length / head.length;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(10, from);
    const to = end === -1 ? bytes.length : end;
    if (decode(bytes.subarray(from, to)) === null) return line;
    from = to + 1;
  }
  return line;
}

/** Line and column of a character, both counted from 1. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const lines = before.split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
