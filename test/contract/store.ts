import { randomUUID } from 'node:crypto';
import { brandEntry, lifecycleEntry } from '@zusage/vault-api/log-entry';
import type {
  Check,
  CheckLeaf,
  Entry,
  GrantChange,
  GrantRecord,
  GrantsAsked,
  Registration,
  Reservation,
  Slot,
  Store,
  UseLimit,
} from '@zusage/vault-api/store/port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** A store over an empty place, and a way to open the same place again after it was closed. */
export type StoreUnderTest = {
  store: Store;
  reopen: () => Promise<Store>;
  remove: () => Promise<void>;
};

const NOW = 1_800_000_000;
const HOUR = 3600;
const id = () => randomUUID().replaceAll('-', '');

/** What every store keeps of its word (store/port.ts), whatever it is written with. */
export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  let place: StoreUnderTest;
  let store: Store;

  beforeEach(async () => {
    place = await open();
    store = place.store;
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });
  const reopen = async () => {
    await store.close();
    store = await place.reopen();
  };

  function reservation(change: Partial<Reservation> = {}): Reservation {
    return {
      clientId: 'decentralized_identifier:did:web:shop.example',
      nonce: id(),
      requestHash: id(),
      pseudonym: id(),
      now: NOW,
      expires: NOW + 600,
      maxOfRequest: 3,
      maxOfBrand: 1000,
      ...change,
    };
  }

  function grantOf({ requestHash, pseudonym }: Reservation, { list, idx }: Slot): GrantRecord {
    return {
      jti: `urn:uuid:${randomUUID()}`,
      hash: id(),
      requestHash,
      termsHash: id(),
      stop: id(),
      aud: 'did:web:shop.example',
      list,
      idx,
      nbf: NOW,
      exp: NOW + HOUR,
      registeredAt: NOW,
      seq: 0,
      brandKey: id(),
      paused: false,
      endedBy: null,
      endedAt: null,
      undoUntil: null,
      returned: false,
      person: {
        pseudonym,
        key: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
        details: { datatypes: ['size.shoe'], purpose: ['p'] } as unknown as NonNullable<
          GrantRecord['person']
        >['details'],
      },
    };
  }

  function entryOf(grant: GrantRecord, seq: number, event: Entry['event']): Entry {
    const log = lifecycleEntry(grant, { type: event, seq, at: NOW, actorSig: null });
    return { seq, event, at: NOW, act: null, evidence: null, receipt: { seq }, log };
  }

  function registrationOf(grant: GrantRecord, { clientId, nonce }: Reservation): Registration {
    return {
      grant,
      jwt: `jwt of ${grant.jti}`,
      request: { clientId, nonce },
      requestUntil: NOW + HOUR,
      entry: entryOf(grant, 0, 'registered'),
      now: NOW,
      replaced: null,
    };
  }

  function suspension(grant: GrantRecord, change: Partial<GrantChange> = {}): GrantChange {
    const { endedBy, endedAt, undoUntil, returned, seq } = grant;
    return {
      grant: grant.jti,
      from: seq,
      to: { paused: true, endedBy, endedAt, undoUntil, returned },
      entry: entryOf(grant, seq + 1, 'suspended'),
      erase: false,
      ...change,
    };
  }

  async function slotFor(wish: Reservation): Promise<Slot> {
    const slot = await store.reserveSlot(wish);
    if (typeof slot === 'string') throw new Error(slot);
    return slot;
  }

  async function registered(change: Partial<Reservation> = {}) {
    const wish = reservation(change);
    const grant = grantOf(wish, await slotFor(wish));
    expect(await store.register(registrationOf(grant, wish))).toBe('registered');
    return { grant, wish };
  }

  describe(`the ${name} store`, () => {
    test('hands out no place of a status list twice, to however many at once', async () => {
      const slots = await Promise.all(Array.from({ length: 300 }, () => slotFor(reservation())));
      expect(new Set(slots.map(({ list, idx }) => `${list}/${idx}`)).size).toBe(300);
      expect(new Set(slots.map(({ idx }) => idx % 16)).size).toBe(16);
      expect(await store.statusLists()).toBe(1);
      expect(await store.statusEntries(0)).toEqual({ active: [], others: [] });
    });

    test('gives the same call the same slot while it lives, and a request three', async () => {
      const wish = reservation();
      const first = await slotFor(wish);
      expect(await store.reserveSlot({ ...wish, now: NOW + 599, expires: NOW + 1199 })).toEqual(
        first,
      );
      const late = await slotFor({ ...wish, now: NOW + 600, expires: NOW + 1200 });
      expect(late.idx).not.toBe(first.idx);
      const more = Array.from({ length: 4 }, () =>
        store.reserveSlot(reservation({ nonce: wish.nonce, now: NOW + 600, expires: NOW + 1200 })),
      );
      const limited = (await Promise.all(more)).filter((slot) => slot === 'limit');
      expect(limited.length).toBe(2);
      expect(await store.reserveSlot(reservation({ maxOfBrand: 1 }))).toBe('limit');
    });

    test('shows a slot to its holder only', async () => {
      const wish = reservation();
      const slot = await slotFor(wish);
      expect(await store.slot(slot, wish, NOW + 599)).toEqual(slot);
      expect(await store.slot(slot, wish, NOW + 600)).toBeNull();
      for (const change of [{ nonce: id() }, { requestHash: id() }, { pseudonym: id() }]) {
        expect(await store.slot(slot, { ...wish, ...change }, NOW)).toBeNull();
      }
    });

    test('registers all or nothing, and keeps it', async () => {
      const { grant, wish } = await registered();
      await reopen();
      expect(await store.grant(grant.jti)).toEqual(grant);
      expect(await store.grant(grant.jti, grant.aud)).toEqual(grant);
      expect(await store.grant(grant.jti, 'did:web:other.example')).toBeNull();
      expect(await store.grantsByStop(grant.stop)).toEqual([grant]);
      expect(await store.grantsOf(grant.aud, wish.pseudonym, 10)).toEqual([grant]);
      expect(await store.grantsOf('did:web:other.example', wish.pseudonym, 10)).toEqual([]);
      expect(await store.entries(grant.jti)).toEqual([
        { seq: 0, event: 'registered', at: NOW, receipt: null },
      ]);
      expect(await store.statusEntries(0)).toEqual({ active: [grant.idx], others: [] });
      const { grant: second } = await registered();
      const change = suspension(second);
      await store.change(change);
      const { active, others } = await store.statusEntries(0);
      expect(active).toEqual([grant.idx]);
      expect(others).toEqual([{ idx: second.idx, ...change.to }]);
    });

    test('accepts one grant a request, a jti and a place once, and a key for one audience', async () => {
      const { grant, wish } = await registered();
      const again = await store.reserveSlot(reservation({ nonce: wish.nonce }));
      expect(again).toBe('answered');
      const next = reservation({ pseudonym: wish.pseudonym });
      const fresh = grantOf(next, await slotFor(next));
      const attempt = (change: Partial<GrantRecord>) =>
        store.register(registrationOf({ ...fresh, ...change }, next));
      expect(await attempt({ jti: grant.jti })).toBe('conflict');
      expect(await attempt({ aud: 'did:web:other.example' })).toBe('conflict');
      expect(await attempt({ idx: grant.idx })).toBe('no-slot');
      expect(await store.grantsOf(grant.aud, wish.pseudonym, 10)).toEqual([grant]);
      const both = await Promise.all([attempt({}), attempt({ jti: `urn:uuid:${randomUUID()}` })]);
      expect(both.sort()).toEqual(['conflict', 'registered']);
    });

    test('refuses a slot that has run out', async () => {
      const wish = reservation();
      const grant = grantOf(wish, await slotFor(wish));
      const late = { ...registrationOf(grant, wish), now: NOW + 600 };
      expect(await store.register(late)).toBe('no-slot');
      expect(await store.grant(grant.jti)).toBeNull();
    });

    test('ends the replaced grant in the registration, or does neither', async () => {
      const { grant: old, wish } = await registered();
      const next = reservation({ pseudonym: wish.pseudonym });
      const grant = grantOf(next, await slotFor(next));
      const replaced = suspension(old, { entry: entryOf(old, 1, 'replaced') });
      const stale = { ...registrationOf(grant, next), replaced: { ...replaced, from: 7 } };
      expect(await store.register(stale)).toBe('moved');
      expect(await store.grant(grant.jti)).toBeNull();
      expect(await store.register({ ...stale, replaced })).toBe('registered');
      expect((await store.grant(old.jti))?.seq).toBe(1);
      expect((await store.grantsOf(old.aud, wish.pseudonym, 10)).map(({ jti }) => jti)).toEqual([
        grant.jti,
        old.jti,
      ]);
      expect(await store.grantsOf(old.aud, wish.pseudonym, 1)).toMatchObject([{ jti: grant.jti }]);
    });

    test('lets one of many changes through that were decided on the same state', async () => {
      const { grant } = await registered();
      const act = { jti: 'event 1', hash: 'hash 1', answer: 'answer 1' };
      const change = suspension(grant, { entry: { ...entryOf(grant, 1, 'suspended'), act } });
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.change(change)));
      expect(outcomes.filter((outcome) => outcome === 'changed').length).toBe(1);
      await reopen();
      expect(await store.grant(grant.jti)).toMatchObject({ seq: 1, paused: true });
      expect(await store.entries(grant.jti)).toHaveLength(2);
      expect(await store.act(grant.jti, 'event 1')).toEqual({
        hash: 'hash 1',
        answer: 'answer 1',
        seq: 1,
      });
      expect(await store.act(grant.jti, 'event 2')).toBeNull();
      expect(await store.change({ ...change, grant: 'urn:uuid:none' })).toBe('moved');
    });

    const leafOf = ({ jti, aud }: GrantRecord, at = NOW): CheckLeaf => ({
      kind: 'evaluation',
      brand: aud,
      purpose: 'p',
      attributes: ['size.shoe'],
      at,
      decision: true,
      reason: null,
      grant: jti,
    });
    /** Records what the decision says; each of the grants may be used `uses` times. */
    const record = (of: GrantRecord[], leaves: CheckLeaf[], limit?: UseLimit) =>
      store.check(
        { aud: of[0]?.aud as string, by: 'jti', keys: of.map(({ jti }) => jti), max: 9 },
        ({ grants, usesOf }) => {
          const left = (jti: string | null) =>
            limit === undefined || jti === null || usesOf(jti, limit.window) < limit.uses;
          const used = leaves.filter(({ grant }) => left(grant));
          const checks = used.map((leaf) => ({ leaf, limit: leaf.grant ? limit : undefined }));
          return { answer: { seen: [...grants.keys()], recorded: used.length }, checks };
        },
      );

    test('counts uses under load exactly, each with its record', async () => {
      const { grant } = await registered();
      const limit = { window: 0, uses: 7 };
      const all = Array.from({ length: 25 }, () => record([grant], [leafOf(grant)], limit));
      const outcomes = await Promise.all(all);
      expect(outcomes.filter(({ recorded }) => recorded === 1).length).toBe(7);
      const next = await record([grant], [leafOf(grant)], { window: 1, uses: 7 });
      expect(next).toEqual({ seen: [grant.jti], recorded: 1 });
      await record([grant], [{ ...leafOf(grant), grant: null, decision: false }]);
      await reopen();
      const checks = await store.checks(grant.jti, 0, 100);
      expect(checks.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      const page = await store.checks(grant.jti, 6, 1);
      expect(page).toEqual([
        {
          kind: 'evaluation',
          n: 7,
          at: NOW,
          purpose: 'p',
          attributes: ['size.shoe'],
          decision: true,
        },
      ]);
    });

    test('shows a decision the grants of the audience alone, by person or by name', async () => {
      const { grant, wish } = await registered();
      const { grant: other } = await registered();
      const seen = (asked: Omit<GrantsAsked, 'max'>) =>
        store.check({ ...asked, max: 9 }, ({ grants }) => ({
          answer: [...grants].map(([key, found]) => [key, found.map(({ jti }) => jti)]),
          checks: [],
        }));
      const { aud } = grant;
      const pseudonyms = [wish.pseudonym, other.person?.pseudonym as string, 'nobody'];
      expect(await seen({ aud, by: 'pseudonym', keys: pseudonyms.slice(0, 1) })).toEqual([
        [wish.pseudonym, [grant.jti]],
      ]);
      expect(await seen({ aud, by: 'pseudonym', keys: pseudonyms })).toEqual([
        [wish.pseudonym, [grant.jti]],
        [other.person?.pseudonym, [other.jti]],
      ]);
      expect(await seen({ aud, by: 'jti', keys: [grant.jti, 'nothing'] })).toEqual([
        [grant.jti, [grant.jti]],
      ]);
      const elsewhere = 'did:web:elsewhere.example';
      expect(await seen({ aud: elsewhere, by: 'pseudonym', keys: pseudonyms })).toEqual([]);
      expect(await seen({ aud: elsewhere, by: 'jti', keys: [grant.jti] })).toEqual([]);
    });

    test('records a batch whole or not at all', async () => {
      const { grant } = await registered();
      const { grant: other } = await registered();
      const limit = { window: 0, uses: 2 };
      const three = [leafOf(grant), leafOf(other), leafOf(grant)].map((leaf) => ({ leaf, limit }));
      const asked = { aud: grant.aud, by: 'jti', keys: [grant.jti, other.jti], max: 9 } as const;
      const decided = (checks: Check[]) => store.check(asked, () => ({ answer: true, checks }));
      expect(await decided(three)).toBe(true);
      // A decision that counts beyond its limit is a mistake of ours, and leaves nothing behind.
      await expect(decided([...three.slice(1, 2), ...three.slice(0, 1)])).rejects.toThrow();
      const refusal = new Error('not today');
      const refused = store.check(asked, () => {
        throw refusal;
      });
      await expect(refused).rejects.toBe(refusal);
      await reopen();
      expect((await store.checks(grant.jti, 0, 9)).map(({ n }) => n)).toEqual([1, 2]);
      expect(await store.checks(other.jti, 0, 9)).toHaveLength(1);
    });

    test('keeps a search with each grant it listed, and with none that is erased', async () => {
      const { grant } = await registered();
      const { grant: gone } = await registered();
      const erased = suspension(gone, { entry: entryOf(gone, 1, 'erased'), erase: true });
      await store.change(erased);
      const leaf = { kind: 'subject' as const, brand: grant.aud, at: NOW, purpose: 'p' };
      const grants = [grant.jti, gone.jti];
      await store.recordSearch({ ...leaf, attribute: 'size.shoe', grants });
      await store.recordSearch({ ...leaf, attribute: null, grants: [] });
      await reopen();
      expect(await store.checks(grant.jti, 0, 9)).toMatchObject([
        { n: 1, kind: 'subject', at: NOW },
      ]);
      expect(await store.checks(gone.jti, 0, 9)).toEqual([]);
    });

    test('lists an audience’s grants by pseudonym, page by page, each once', async () => {
      const grants: GrantRecord[] = [];
      for (let n = 0; n < 5; n++) grants.push((await registered()).grant);
      const { grant: erased } = await registered();
      await store.change(suspension(erased, { entry: entryOf(erased, 1, 'erased'), erase: true }));
      const { aud } = erased;
      const at = ({ jti, person }: GrantRecord) => ({
        jti,
        pseudonym: person?.pseudonym as string,
      });
      const seen: string[] = [];
      for (let after = { pseudonym: '', jti: '' }; ; ) {
        const page = await store.grantsOfAudience(aud, { after, registeredBy: NOW, max: 2 });
        seen.push(...page.map(({ jti }) => jti));
        const last = page.at(-1);
        if (last === undefined) break;
        after = at(last);
      }
      const expected = grants.map(at).sort((a, b) => (a.pseudonym < b.pseudonym ? -1 : 1));
      expect(seen).toEqual(expected.map(({ jti }) => jti));
      const all = { after: { pseudonym: '', jti: '' }, max: 9 };
      expect(await store.grantsOfAudience(aud, { ...all, registeredBy: NOW - 1 })).toEqual([]);
      const others = await store.grantsOfAudience('did:web:x.example', {
        ...all,
        registeredBy: NOW,
      });
      expect(others).toEqual([]);
    });

    test('forgets the person on erasure and keeps the hashes', async () => {
      const { grant, wish } = await registered();
      const erased = suspension(grant, { entry: entryOf(grant, 1, 'erased'), erase: true });
      expect(await store.change(erased)).toBe('changed');
      expect(await store.grant(grant.jti)).toMatchObject({
        hash: grant.hash,
        person: null,
        seq: 1,
      });
      expect(await store.grantsOf(grant.aud, wish.pseudonym, 10)).toEqual([]);
      expect(await store.grantsByStop(grant.stop)).toHaveLength(1);
      expect((await store.entries(grant.jti)).map(({ receipt }) => receipt)).toEqual([null, null]);
      expect(await store.checks(grant.jti, 0, 10)).toEqual([]);
      const { active, others } = await store.statusEntries(0);
      expect([...active, ...others.map(({ idx }) => idx)]).toEqual([grant.idx]);
    });

    test('lets a single use through once, among many', async () => {
      const uses = await Promise.all(
        Array.from({ length: 10 }, () => store.useOnce('read', 'r', NOW + 60)),
      );
      expect(uses.filter(Boolean).length).toBe(1);
      expect(await store.useOnce('assertion', 'r', NOW + 60)).toBe(true);
      await reopen();
      expect(await store.useOnce('read', 'r', NOW + 60)).toBe(false);
    });

    test('a write that fails takes no other with it', async () => {
      const token = { hash: 'h', did: 'd', key: 'k', assertion: 'a', expires: NOW + 600 };
      const writes = [
        store.saveToken(token),
        store.useOnce('read', 'before', NOW + 60),
        store.saveToken({ ...token, did: 'another' }),
        store.useOnce('read', 'after', NOW + 60),
      ];
      const outcomes = await Promise.allSettled(writes);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      await reopen();
      expect(await store.token('h')).toEqual(token);
      expect(await store.useOnce('read', 'before', NOW + 60)).toBe(false);
      expect(await store.useOnce('read', 'after', NOW + 60)).toBe(false);
    });

    test('keeps brands, their single-use enrolments, readings and tokens', async () => {
      const did = 'did:web:shop.example';
      const document = { did, keys: [], manifest: {} } as never;
      const brand = { did, document, enrolledAt: NOW, readAt: NOW, frozenAt: null };
      const once = { nonce: 'n', until: NOW + 600 };
      expect(await store.saveBrand({ from: null, to: brand, log: [], once })).toBe('saved');
      const frozen = { ...brand, frozenAt: NOW };
      expect(await store.saveBrand({ from: brand, to: frozen, log: [], once })).toBe('used');
      const read = { ...brand, readAt: NOW + 1 };
      expect(await store.saveBrand({ from: brand, to: read, log: [] })).toBe('saved');
      const claims = await Promise.all([1, 2, 3].map(() => store.claimReading(did, NOW + 61, 60)));
      expect(claims.filter(Boolean).length).toBe(1);
      const token = { hash: 'h', did, key: 'k', assertion: 'a', expires: NOW + 600 };
      await store.saveToken(token);
      await reopen();
      expect(await store.brand(did)).toEqual({ ...brand, readAt: NOW + 61 });
      expect(await store.brands()).toHaveLength(1);
      expect(await store.brand('did:web:other.example')).toBeNull();
      expect(await store.token('h')).toEqual(token);
      expect(await store.token('x')).toBeNull();
    });

    test('changes a brand only as it was when the change was decided, and uses nothing up otherwise', async () => {
      const did = 'did:web:shop.example';
      const brandOf = (version: number) => {
        const document = { did, keys: [], manifest: { version } } as never;
        return { did, document, enrolledAt: NOW, readAt: NOW, frozenAt: null };
      };
      const once = { nonce: 'n', until: NOW + 600 };
      const change = (from: number | null, to: number, more: { once?: typeof once } = {}) =>
        store.saveBrand({
          from: from === null ? null : brandOf(from),
          to: brandOf(to),
          log: [],
          ...more,
        });
      expect(await change(1, 2)).toBe('moved');
      expect(await store.brand(did)).toBeNull();
      const first = await Promise.all([1, 2, 3].map((version) => change(null, version)));
      expect(first.toSorted()).toEqual(['moved', 'moved', 'saved']);
      const known = first.indexOf('saved') + 1;
      expect(await change(known, 4)).toBe('saved');
      expect(await change(known, 5, { once })).toBe('moved');
      expect(await store.brand(did)).toEqual(brandOf(4));
      expect(await change(4, 5, { once })).toBe('saved');
    });

    test('keeps a frozen brand frozen, whoever read it before, until the operator readmits it', async () => {
      const did = 'did:web:shop.example';
      const documentOf = (version: number) => ({ did, keys: [], manifest: { version } }) as never;
      const brand = { did, enrolledAt: NOW, readAt: NOW, frozenAt: null };
      const from = { ...brand, document: documentOf(1) };
      await store.saveBrand({ from: null, to: from, log: [] });
      await store.saveBrand({ from, to: { ...from, frozenAt: NOW + 5 }, log: [] });
      const late = { ...brand, document: documentOf(2), readAt: NOW + 6 };
      expect(await store.saveBrand({ from, to: late, log: [] })).toBe('moved');
      expect(await store.brand(did)).toMatchObject({ document: documentOf(1), frozenAt: NOW + 5 });
      const log = brandEntry('brand-enrolled', { did }, NOW);
      await store.readmitBrand({ ...brand, document: documentOf(2) }, log);
      expect(await store.brand(did)).toMatchObject({ document: documentOf(2), frozenAt: null });
    });

    test('sweeps what is past its time and nothing else', async () => {
      const { grant, wish } = await registered();
      await store.useOnce('read', 'r', NOW + 60);
      const token = { hash: 'h', did: 'd', key: 'k', assertion: 'a', expires: NOW + 600 };
      await store.saveToken(token);
      await store.sweep(NOW + 59, 0);
      expect(await store.useOnce('read', 'r', NOW + 60)).toBe(false);
      expect(await store.token('h')).toEqual(token);
      await store.sweep(NOW + HOUR, 0);
      expect(await store.useOnce('read', 'r', NOW + 60)).toBe(true);
      expect(await store.token('h')).toBeNull();
      expect(await store.grant(grant.jti)).toEqual(grant);
      expect(await store.slot(grant, wish, NOW)).toBeNull();
    });

    test('forgets old checks and searches, and gives none of their numbers again', async () => {
      const { grant } = await registered();
      const numbers = async () => (await store.checks(grant.jti, 0, 9)).map(({ n }) => n);
      for (const at of [NOW, NOW + 1, NOW + 2]) await record([grant], [leafOf(grant, at)]);
      await record([grant], [{ ...leafOf(grant), grant: null, decision: false }]);
      await store.sweep(NOW, NOW + 1);
      expect(await numbers()).toEqual([3]);
      await store.sweep(NOW, NOW + 2);
      expect(await numbers()).toEqual([]);
      await reopen();
      await record([grant], [leafOf(grant, NOW + 3)]);
      expect(await numbers()).toEqual([4]);
      await store.sweep(NOW, NOW + 3);
      await record([grant], [leafOf(grant, NOW + 4)]);
      expect(await numbers()).toEqual([5]);
      const dumped = await store.dump(grant.person?.pseudonym as string);
      const held = JSON.stringify(dumped);
      expect(held).toContain(grant.jti);
      expect(held).not.toContain(`"at":${NOW + 3}`);
    });

    test('answers, and after it was closed refuses', async () => {
      await store.ready();
      await store.close();
      await expect(store.ready()).rejects.toThrow();
      await expect(store.useOnce('read', 'r', NOW)).rejects.toThrow();
    });
  });
}
