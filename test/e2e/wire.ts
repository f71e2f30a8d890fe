import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One question to the service and its answer, as bytes. */
export type Exchange = {
  readonly method: string;
  readonly path: string;
  readonly asked: Buffer;
  readonly status: number;
  readonly answered: Buffer;
};

type Held = {
  method: string;
  path: string;
  reached: (exchange: Exchange) => void;
  free: Promise<void>;
};

/**
 * What lies between everybody and the vault service: it keeps a copy of all that passes, can be cut, can put other bytes
 * into an answer, and can hold one back, so that a test decides what happens while it is on its way.
 */
export class Wire {
  readonly exchanges: Exchange[] = [];
  /** Every new connection breaks. */
  cut = false;
  /** Other bytes than the service answered; null leaves them as they are. */
  alter: ((exchange: Exchange) => Buffer | null) | null = null;
  url = '';
  #service = '';
  #held: Held | null = null;
  readonly #server = createServer((incoming, outgoing) => {
    this.#pass(incoming, outgoing).catch(() => outgoing.destroy());
  });

  /** @returns its own origin, under which the service must be known */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this.url;
  }

  /** @param service origin on which the service really listens */
  leadTo(service: string): void {
    this.#service = service;
  }

  /** Holds back the next answer to this question; the service has done by then what it was asked for. */
  hold(
    method: string,
    path: string,
  ): { reached: Promise<Exchange>; release: () => void; [Symbol.dispose]: () => void } {
    const reached = Promise.withResolvers<Exchange>();
    const free = Promise.withResolvers<void>();
    this.#held = { method, path, reached: reached.resolve, free: free.promise };
    return { reached: reached.promise, release: free.resolve, [Symbol.dispose]: free.resolve };
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming;
    if (this.cut) return void outgoing.destroy();
    const asked = await bytesOf(incoming);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const onward = request(this.#service + path, { method, headers }, resolve);
      onward.once('error', reject);
      onward.end(asked);
    });
    const answered = await bytesOf(answer);
    const exchange = { method, path, asked, status: answer.statusCode ?? 502, answered };
    this.exchanges.push(exchange);
    const held = this.#held;
    if (held?.method === method && held.path === path) {
      this.#held = null;
      held.reached(exchange);
      await held.free;
    }
    const altered = this.alter?.(exchange) ?? null;
    if (altered === null) {
      outgoing.writeHead(exchange.status, answer.rawHeaders).end(answered);
      return;
    }
    const { 'content-length': _, 'content-encoding': __, ...others } = answer.headers;
    outgoing.writeHead(200, others).end(altered);
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
