// Neither brings types; what the benchmark uses of them.

declare module 'autocannon' {
  type Result = { readonly '2xx': number; readonly non2xx: number; readonly errors: number } & {
    readonly mismatches: number;
    /** Milliseconds. */
    readonly latency: { readonly p99: number };
    /** Seconds. */
    readonly duration: number;
  };
  type Request = {
    path: string;
    method: string;
    headers: Record<string, string>;
    body: string;
    /** Called before each is sent. */
    setupRequest?: (request: Request) => Request;
  };
  /** Under way; resolves when it has ended. */
  type Instance = Promise<Result> & {
    /** @param listener `time` in milliseconds */
    on(
      event: 'response',
      listener: (client: unknown, status: number, bytes: number, time: number) => void,
    ): void;
  };
  export default function autocannon(options: {
    url: string;
    connections: number;
    requests: Request[];
    verifyBody: (body: string) => boolean;
    /** Requests in all, or else seconds. */
    amount?: number;
    duration?: number;
    /** Requests a second of all connections together. */
    overallRate?: number;
  }): Instance;
}

declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';
  export class Provider {
    constructor(issuer: string, configuration: object);
    callback(): RequestListener;
  }
}
