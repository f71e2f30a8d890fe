// Neither brings types; what the benchmark uses of them.

declare module 'autocannon' {
  type Result = { readonly '2xx': number; readonly non2xx: number; readonly errors: number } & {
    readonly mismatches: number;
    /** Seconds. */
    readonly duration: number;
  };
  type Request = { path: string; method: string; headers: Record<string, string>; body: string };
  export default function autocannon(options: {
    url: string;
    /** Requests in all. */
    amount: number;
    connections: number;
    requests: Request[];
    verifyBody: (body: string) => boolean;
  }): Promise<Result>;
}

declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';
  export class Provider {
    constructor(issuer: string, configuration: object);
    callback(): RequestListener;
  }
}
