/** Sections of a WebAssembly module (core specification 2.0 §5.5). */
const IMPORT = 2;
const EXPORT = 7;
const START = 8;
const ELEMENT = 9;
const CODE = 10;
const FUNCTION_KIND = 0;
/** No locals, `unreachable`, `end`. */
const TRAP = [0, 0x00, 0x0b];

/**
 * Empties every function that cannot be reached from the exports that are kept, the table, or the start function. Indices
 * stay as they are, and a call that should not be possible traps. Only what is understood to the last byte is touched.
 *
 * @param isKept by the name of an exported function
 * @throws Error for anything in the module that this file does not know
 */
export function strip(
  module: Uint8Array,
  isKept: (name: string) => boolean,
): Uint8Array<ArrayBuffer> {
  const sections = sectionsOf(module);
  const reader = (id: number) => new Reader(sections.find((one) => one.id === id)?.bytes ?? EMPTY);
  const imported = importedFunctions(reader(IMPORT));
  const bodies = bodiesOf(reader(CODE));

  const reached = new Set<number>();
  const open = [
    ...exportedFunctions(reader(EXPORT)).flatMap(([name, index]) => (isKept(name) ? [index] : [])),
    ...elementFunctions(reader(ELEMENT)),
    ...startFunction(reader(START)),
  ];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const body = bodies[index - imported];
    if (body) open.push(...calledBy(body));
  }

  const code = [...leb(bodies.length)];
  for (const [i, body] of bodies.entries()) {
    const kept = reached.has(i + imported) ? body : TRAP;
    code.push(...leb(kept.length));
    for (const byte of kept) code.push(byte);
  }
  const out = [...module.subarray(0, 8)];
  for (const { id, bytes } of sections) {
    const content = id === CODE ? code : bytes;
    out.push(id, ...leb(content.length));
    for (const byte of content) out.push(byte);
  }
  return Uint8Array.from(out);
}

const EMPTY = Uint8Array.of(0);

class Reader {
  at = 0;
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  get done(): boolean {
    return this.at >= this.bytes.length;
  }
  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new Error('WebAssembly: too short.');
    return byte;
  }
  u32(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return result;
    }
  }
  /** Signed or not, of whatever width. */
  skipLeb(): void {
    while (this.byte() >= 0x80);
  }
  take(length: number): Uint8Array {
    const taken = this.bytes.subarray(this.at, this.at + length);
    if (taken.length !== length) throw new Error('WebAssembly: too short.');
    this.at += length;
    return taken;
  }
  name(): string {
    return new TextDecoder().decode(this.take(this.u32()));
  }
}

function sectionsOf(module: Uint8Array): { id: number; bytes: Uint8Array }[] {
  const reader = new Reader(module);
  reader.take(8);
  const sections = [];
  while (!reader.done) sections.push({ id: reader.byte(), bytes: reader.take(reader.u32()) });
  return sections;
}

/** How many functions are imported; they come first in the index space. */
function importedFunctions(reader: Reader): number {
  let functions = 0;
  for (let n = reader.u32(); n > 0; n--) {
    reader.name();
    reader.name();
    if (reader.byte() !== FUNCTION_KIND) throw new Error('WebAssembly: an import of another kind.');
    reader.u32();
    functions++;
  }
  return functions;
}

function exportedFunctions(reader: Reader): [name: string, index: number][] {
  const functions: [string, number][] = [];
  for (let n = reader.u32(); n > 0; n--) {
    const name = reader.name();
    const kind = reader.byte();
    const index = reader.u32();
    if (kind === FUNCTION_KIND) functions.push([name, index]);
  }
  return functions;
}

function startFunction(reader: Reader): number[] {
  return reader.bytes === EMPTY ? [] : [reader.u32()];
}

/** Whatever is in a table may be called through it. */
function elementFunctions(reader: Reader): number[] {
  const functions: number[] = [];
  for (let n = reader.u32(); n > 0; n--) {
    if (reader.u32() !== 0 || reader.byte() !== 0x41)
      throw new Error('WebAssembly: elements of another form.');
    reader.skipLeb();
    if (reader.byte() !== 0x0b) throw new Error('WebAssembly: elements of another form.');
    for (let count = reader.u32(); count > 0; count--) functions.push(reader.u32());
  }
  return functions;
}

function bodiesOf(reader: Reader): Uint8Array[] {
  return Array.from({ length: reader.u32() }, () => reader.take(reader.u32()));
}

/** The functions that the instructions of a body name. */
function calledBy(body: Uint8Array): number[] {
  const reader = new Reader(body);
  const called: number[] = [];
  for (let locals = reader.u32(); locals > 0; locals--) {
    reader.u32();
    reader.byte();
  }
  while (!reader.done) {
    const opcode = reader.byte();
    if (opcode === 0x10 || opcode === 0x12 || opcode === 0xd2) called.push(reader.u32());
    else if (opcode === 0x43 || opcode === 0x44) reader.take(opcode === 0x43 ? 4 : 8);
    else for (let n = lebsOf(opcode, reader); n > 0; n--) reader.skipLeb();
  }
  return called;
}

const NO_LEB = new Set([0x00, 0x01, 0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1]);
const ONE_LEB = new Set([
  0x02, 0x03, 0x04, 0x0c, 0x0d, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40, 0x41, 0x42,
  0xd0,
]);

/** How many numbers follow an instruction (core specification 2.0 §5.4); calls by index and vectors are not known here. */
function lebsOf(opcode: number, reader: Reader): number {
  if (NO_LEB.has(opcode) || (opcode >= 0x45 && opcode <= 0xc4)) return 0;
  if (ONE_LEB.has(opcode)) return 1;
  if (opcode === 0x11 || opcode === 0x13 || (opcode >= 0x28 && opcode <= 0x3e)) return 2;
  if (opcode === 0x0e) return reader.u32() + 1;
  const further = opcode === 0xfc ? reader.u32() : Number.NaN;
  if (further <= 7) return 0;
  if (further === 9 || further === 11 || (further >= 13 && further <= 17 && further !== 14))
    return 1;
  if (further <= 14) return 2;
  throw new Error(`WebAssembly: unknown instruction ${opcode.toString(16)}.`);
}

function leb(value: number): number[] {
  const bytes = [];
  let rest = value;
  do {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}
