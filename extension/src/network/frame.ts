import type { Answer, Body, Door, Expecting, NetworkCode, NetworkError } from './fetch.ts';

/** What the background page asks of the frame. */
export type Question = {
  readonly url: string;
  readonly body?: Body | undefined;
  readonly expecting?: Expecting | undefined;
};

/** Puts a question and a port for its answer to the page that fetches; `close` ends whatever it still does. */
export type OpenFrame = (question: Question, port: MessagePort) => { close(): void };

/**
 * Has one question answered by a page of its own. In Firefox a fetch of an extension carries
 * `Origin: moz-extension://<installation id>`, by which all brands would recognise the same person.
 * @returns the code of the NetworkError when there is no answer; `network/timeout` as soon as `signal` is aborted
 */
export function askFrame(
  question: Question,
  signal: AbortSignal,
  open: OpenFrame = openFrame,
): Promise<Answer | NetworkCode> {
  return new Promise((resolve) => {
    const { port1: port, port2 } = new MessageChannel();
    const settle = (reply: Answer | NetworkCode) => {
      port.close();
      frame.close();
      resolve(reply);
    };
    port.onmessage = ({ data }) => settle(data);
    signal.addEventListener('abort', () => settle('network/timeout'), { once: true });
    const frame = open(question, port2);
  });
}

/** The frame's side: fetches, and answers through the port. */
export async function answerThrough(
  port: MessagePort,
  { url, body, expecting }: Question,
  door: Door,
): Promise<void> {
  port.postMessage(await door(url, body, expecting).catch(({ code }: NetworkError) => code));
}

/**
 * A page of the extension in an opaque origin of its own, so that what it sends says `Origin: null`; without
 * `allow-same-origin` it reaches neither the extension's interface nor its storage. A new one for each question: the
 * origins of two are not related, and taking it away ends what it does.
 */
const openFrame: OpenFrame = (question, port) => {
  const frame = document.createElement('iframe');
  frame.sandbox.add('allow-scripts');
  frame.src = '/network.html';
  // An opaque origin has no name to address it by; the page is our own.
  frame.onload = () => frame.contentWindow?.postMessage(question, '*', [port]);
  document.body.append(frame);
  return { close: () => frame.remove() };
};
