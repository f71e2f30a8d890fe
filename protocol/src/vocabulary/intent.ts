// An intent carries its own expiry: `<value> until <YYYY-MM-DD>`, one string over the wire and in the
// vault. So the date cannot be lost, the brand sees when to stop, and no further member is needed in
// the disclosure of SPEC §5.

const DATED = /^(.+) until (\d{4}-\d{2}-\d{2})$/su;

/** The value of an intent: an option id or a text, good until the end of the day `until`. */
export function withUntil(value: string, until: string): string {
  return `${value} until ${until}`;
}

/** Both parts of an intent's value, or null when it has no date. The parts are not checked here. */
export function splitUntil(dated: string): { value: string; until: string } | null {
  const [, value, until] = DATED.exec(dated) ?? [];
  return value === undefined || until === undefined ? null : { value, until };
}
