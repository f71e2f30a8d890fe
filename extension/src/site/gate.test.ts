import { describe, expect, test } from 'vitest';
import { OWN_ID, relayOf } from '../worker/testing/memory-browser.ts';
import { admit, relayMessage, type Sender } from './gate.ts';

const ORIGIN = 'https://shop.example';
const gate = { ownId: OWN_ID, loopback: false };
const admitted = { origin: ORIGIN, tabId: 7, documentId: 'D0C' };

describe('the gate', () => {
  test('lets in the relay of the top frame of an active https document', () => {
    expect(admit(relayOf(ORIGIN) as Sender, gate)).toEqual(admitted);
  });

  test('takes an absent life cycle for active, and the address where no origin is stated', () => {
    const { documentLifecycle, origin, ...firefox } = relayOf(ORIGIN);
    expect(admit(firefox as Sender, gate)).toEqual(admitted);
  });

  test.each([
    ['another extension', { id: 'somebody-else' }],
    ['nobody', { id: undefined }],
    ['a frame', { frameId: 4 }],
    ['an unknown frame', { frameId: undefined }],
    ['no tab', { tab: undefined }],
    ['a prerendered document', { documentLifecycle: 'prerender' }],
    ['a document in the back-forward cache', { documentLifecycle: 'cached' }],
    ['http', { origin: 'http://shop.example' }],
    ['http on loopback', { origin: 'http://localhost:4620' }],
    ['an opaque origin', { origin: 'null' }],
    ['a file', { origin: undefined, url: 'file:///tmp/page.html' }],
    ['an extension page', { origin: `chrome-extension://${OWN_ID}` }],
    ['no address at all', { origin: undefined, url: undefined }],
  ] as [string, Partial<Sender>][])('keeps out %s', (_, changes) => {
    expect(admit(relayOf(ORIGIN, changes) as Sender, gate)).toBeNull();
  });

  test('lets in http on loopback only in builds for development and tests', () => {
    const local = 'http://localhost:4620';
    const development = { ...gate, loopback: true };
    expect(admit(relayOf(local) as Sender, development)?.origin).toBe(local);
    expect(admit(relayOf('http://shop.example') as Sender, development)).toBeNull();
  });
});

describe('a relay message', () => {
  const id = 'b5a6c9d0-0000-4000-8000-000000000000';

  test('is what its kind holds; every other claim is left behind', () => {
    const claims = { origin: 'https://bank.example', tabId: 1, documentId: 'x' };
    expect(relayMessage({ zusage: 'ask', id, request: 'a.b.c', ...claims })).toEqual({
      zusage: 'ask',
      id,
      request: 'a.b.c',
      clicked: false,
    });
    expect(relayMessage({ zusage: 'cancel', id, ...claims })).toEqual({
      zusage: 'cancel',
      id,
      left: false,
    });
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ask'],
    ['an unknown kind', { zusage: 'grant', id, request: 'a.b.c' }],
    ['no id', { zusage: 'ask', request: 'a.b.c' }],
    ['a short id', { zusage: 'ask', id: '1', request: 'a.b.c' }],
    ['an id with a separator', { zusage: 'ask', id: `${id}:1`, request: 'a.b.c' }],
    ['no request', { zusage: 'ask', id }],
    ['a request that is no text', { zusage: 'ask', id, request: {} }],
    ['more than 64 KB', { zusage: 'ask', id, request: 'a'.repeat(65_537) }],
  ])('is never %s', (_, message) => {
    expect(relayMessage(message)).toBeNull();
  });
});
