import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Head, noteExhibit } from './compare-heads.ts';
import { type Exhibit, FINDINGS, type Finding } from './finding.ts';

/**
 * Writes one folder for each finding: the signed notes (C2SP signed-note files, as any tool of that family reads
 * them), what was served, and a `finding.json` that says what it is about.
 * @param signed the head that was read, which promises what is missing or damaged; null when none could be read
 * @returns the folders written; what was found counts also where the disk takes nothing
 */
export function writeEvidence(
  folder: string,
  findings: readonly Finding[],
  log: { origin: string; vkey: string },
  signed: Head | null,
): { folders: string[]; failed: string | null } {
  try {
    return { folders: writeAll(folder, findings, log, signed), failed: null };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return { folders: [], failed: `The evidence could not be written to ${folder} (${reason}).` };
  }
}

function writeAll(
  folder: string,
  findings: readonly Finding[],
  log: { origin: string; vkey: string },
  signed: Head | null,
): string[] {
  const names = new Map<string, number>();
  return findings.map(({ exhibits: own = [], ...finding }) => {
    const exhibits =
      own.some(isNote) || signed === null ? own : [noteExhibit(signed, 'signed'), ...own];
    const count = (names.get(finding.code) ?? 0) + 1;
    names.set(finding.code, count);
    const name = `${finding.code.replace('/', '-')}${count === 1 ? '' : `-${count}`}`;
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    for (const exhibit of exhibits) writeFileSync(join(path, exhibit.name), exhibit.bytes);
    const said = { says: FINDINGS[finding.code], ...finding, ...log };
    const files = exhibits.map((exhibit) => exhibit.name);
    writeFileSync(
      join(path, 'finding.json'),
      `${JSON.stringify({ ...said, files, found: new Date().toISOString() }, null, 2)}\n`,
    );
    return path;
  });
}

/** Every signed note among the exhibits is a file of text, and nothing else is. */
const isNote = ({ name }: Exhibit) => name.endsWith('.txt');
