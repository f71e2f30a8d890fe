import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes to search, by what they are. */
export type Haystacks = ReadonlyMap<string, Buffer>;

export type Found = { haystack: string; needle: string; form: string };

/** Fewer bytes are found by chance in a few megabytes of ciphertext. */
const SHORTEST = 6;

/**
 * Looks for each needle in each haystack, as it is and in every form that a program writes text in.
 * @param needles by name, so that what is reported is not itself a leak
 */
export function findPlanted(
  haystacks: Haystacks,
  needles: Readonly<Record<string, string>>,
): Found[] {
  const found: Found[] = [];
  for (const [needle, text] of Object.entries(needles)) {
    for (const [form, bytes] of formsOf(text)) {
      for (const [haystack, content] of haystacks) {
        if (content.includes(bytes)) found.push({ haystack, needle, form });
      }
    }
  }
  return found;
}

/** @throws RangeError for a needle that is too short to mean anything */
export function formsOf(text: string): Map<string, Buffer> {
  const utf8 = Buffer.from(text);
  if (utf8.length < SHORTEST) throw new RangeError('The needle is too short.');
  const utf16 = Buffer.from(text, 'utf16le');
  const forms = new Map<string, Buffer>([
    ['UTF-8', utf8],
    ['UTF-16LE', utf16],
    ['UTF-16BE', Buffer.from(text, 'utf16le').swap16()],
    ['JSON in ASCII', Buffer.from(escaped(text))],
    ['percent-encoded', Buffer.from(encodeURIComponent(text))],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['upper-case hex', Buffer.from(utf8.toString('hex').toUpperCase())],
    ['list of bytes', Buffer.from([...utf8].join(','))],
  ]);
  for (const encoding of ['base64', 'base64url'] as const) {
    for (const [name, bytes] of [['', utf8] as const, [' of UTF-16LE', utf16] as const]) {
      for (const offset of [0, 1, 2]) {
        forms.set(`${encoding}${name}, offset ${offset}`, within(bytes, encoding, offset));
      }
    }
  }
  return forms;
}

function escaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The characters that stand for these bytes alone, when so many bytes come before them in their group of three. */
function within(bytes: Buffer, encoding: 'base64' | 'base64url', offset: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString(encoding);
  const first = Math.ceil((offset * 8) / 6);
  return Buffer.from(text.slice(first, Math.floor(((offset + bytes.length) * 8) / 6)));
}

/** Every file below a folder, byte for byte. */
export function filesIn(folder: string, name: string): [string, Buffer][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry): [string, Buffer][] => {
      const file = join(entry.parentPath, entry.name);
      const bytes = readIfThere(file);
      return bytes === null ? [] : [[name + file.slice(folder.length), bytes]];
    });
}

/** Whoever writes there may take a draft away meanwhile. */
function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
