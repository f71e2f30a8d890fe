/** Every way the grant log's formats say no. A closed union: the audit command and the extension show these codes. */
export type TlogCode =
  | 'base64/format'
  | 'vkey/format'
  | 'vkey/id'
  | 'vkey/type'
  | 'note/format'
  | 'note/unsigned'
  | 'note/signature'
  | 'note/cosignature'
  | 'checkpoint/format'
  | 'checkpoint/origin'
  | 'tree/index'
  | 'tree/inclusion'
  | 'tree/consistency'
  | 'tile/length'
  | 'bundle/truncated'
  | 'bundle/trailing'
  | 'entry/format'
  | 'entry/too-large'
  | 'opening/format'
  | 'opening/payload'
  | 'opening/commitment'
  | 'opening/disclosure'
  | 'opening/field'
  | 'act/missing'
  | 'act/unexpected'
  | 'act/format'
  | 'act/hash'
  | 'act/signature'
  | 'act/mismatch'
  | 'act/grant-unknown'
  | 'proof/format';

/** The message is the code: no value of an entry or an opening travels in it. */
export class TlogError extends Error {
  override readonly name = 'TlogError';
  readonly code: TlogCode;
  constructor(code: TlogCode, options?: { cause?: unknown }) {
    super(code, options);
    this.code = code;
  }
}
