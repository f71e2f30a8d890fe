/** Three parts of base64url: what signed messages are made of. */
const JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Every text and number in a message, however deep, with the insides of whatever is signed, and every segment by
 * itself; names of members are the protocol's own and are left out.
 */
export function scalarsOf(message: unknown, into = new Set<string>()): Set<string> {
  if (typeof message === 'number') into.add(String(message));
  else if (typeof message === 'string') text(message, into);
  else if (typeof message === 'object' && message !== null) {
    for (const member of Object.values(message)) scalarsOf(member, into);
  }
  return into;
}

function text(value: string, into: Set<string>): void {
  into.add(value);
  if (value.includes('~')) {
    for (const part of value.split('~').filter((each) => each !== '')) scalarsOf(part, into);
  } else if (JWS.test(value)) {
    const [header, payload, signature] = value.split('.') as [string, string, string];
    into.add(signature);
    for (const part of [header, payload]) scalarsOf(decoded(part), into);
  } else if (value.startsWith('did:jwk:')) {
    // One key has one spelling; its members are what could be shared.
    scalarsOf(decoded(value.slice('did:jwk:'.length).replace(/#.*$/, '')), into);
  } else {
    const inside = decoded(value);
    // A disclosure. What it discloses is the person's own to tell twice; its salt is not.
    if (Array.isArray(inside)) scalarsOf(inside[0], into);
    else scalarsOf(inside, into);
  }
}

/** The array or object that this is the base64url of; null for any other text. */
function decoded(part: string): object | null {
  try {
    const inside: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof inside === 'object' ? inside : null;
  } catch {
    return null;
  }
}
