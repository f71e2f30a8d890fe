import type { FileView } from '../messages.ts';

/** Lets the person keep a file, where the browser puts what it downloads. */
export function saveFile({ name, text, type }: FileView): void {
  saveBlob(name, new Blob([text], { type: type ?? 'application/json' }));
}

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the file.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
