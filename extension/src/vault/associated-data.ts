/** One canonical encoding for everything that is authenticated beside a ciphertext: each part after its own length. */

const utf8 = new TextEncoder();

/** `u32be(length) ‖ bytes` for each part. Text is UTF-8, numbers are u32be: no two lists give the same bytes. */
export function associatedData(...parts: (string | number | Uint8Array)[]): Uint8Array {
  const encoded = parts.map((part) => {
    if (typeof part === 'string') return utf8.encode(part);
    return typeof part === 'number' ? u32be(part) : part;
  });
  const out = new Uint8Array(encoded.reduce((sum, part) => sum + 4 + part.length, 0));
  let at = 0;
  for (const part of encoded) {
    out.set(u32be(part.length), at);
    out.set(part, at + 4);
    at += 4 + part.length;
  }
  return out;
}

function u32be(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
