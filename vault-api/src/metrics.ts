import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { StoreError } from './errors.ts';
import type { Check, CheckLeaf, Store } from './store/port.ts';

/**
 * What an operator watches, in the text format of Prometheus. Labels come from closed sets of ours – route patterns,
 * statuses, reasons, names of store methods – so nothing of a request, person or grant can get in. Brands are left
 * out, too: their DIDs are public, and how much each of them asks is its own affair.
 */
export type Metrics = {
  /** Counts the requests of an app, by route pattern, method and status, and how long they took. */
  watchRequests(app: FastifyInstance): void;
  /** The same store, with its decisions and its failures counted. */
  watchStore(store: Store): Store;
  /** Everything as text (`text/plain; version=0.0.4`). */
  text(): Promise<string>;
};

/** Upper bounds, seconds: a check is the first two or three, a registration with its signatures the next. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export function newMetrics(): Metrics {
  const register = new Registry();
  const registers = [register];
  const requests = new Counter({
    name: 'zusage_http_requests_total',
    help: 'Requests answered, by route pattern',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'zusage_http_request_duration_seconds',
    help: 'Time from the request line to the end of the answer',
    labelNames: ['route', 'method'],
    buckets: BUCKETS,
    registers,
  });
  const underWay = new Gauge({
    name: 'zusage_http_requests_under_way',
    help: 'Requests that are being answered now',
    registers,
  });
  const decisions = new Counter({
    name: 'zusage_decisions_total',
    help: 'Checks recorded, by decision and by the reason of a denial',
    labelNames: ['kind', 'decision', 'reason'],
    registers,
  });
  const failures = new Counter({
    name: 'zusage_store_errors_total',
    help: 'Calls to the store that failed, by its method',
    labelNames: ['method'],
    registers,
  });
  const memory: Gauge = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory the process holds',
    registers,
    collect: () => memory.set(process.memoryUsage.rss()),
  });
  const processor: Counter = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system time the process has used',
    registers,
    collect: () => {
      const { user, system } = process.cpuUsage();
      processor.reset();
      processor.inc((user + system) / 1e6);
    },
  });

  return {
    watchRequests: (app) => {
      app.addHook('onRequest', (_, reply, done) => {
        underWay.inc();
        // Also for a caller that went away before its answer.
        reply.raw.once('close', () => underWay.dec());
        done();
      });
      app.addHook('onResponse', ({ method, routeOptions }, reply, done) => {
        const route = routeOptions.url ?? 'none';
        requests.inc({ route, method, status: reply.statusCode });
        durations.observe({ route, method }, reply.elapsedTime / 1000);
        done();
      });
    },
    watchStore: (store) => {
      const counted = withFailuresCounted(store, (method) => failures.inc({ method }));
      const waiting = new Gauge({
        name: 'zusage_log_queue_depth',
        help: 'Entries that wait for the grant log',
        registers,
        collect: async () => {
          const depth = await counted.logQueueDepth().catch(() => null);
          if (depth !== null) waiting.set(depth);
        },
      });
      const countDecisions = (checks: readonly Check[]) => {
        for (const [labels, count] of alike(checks)) decisions.inc(labels, count);
      };
      return {
        ...counted,
        check: async (asked, decide) => {
          let checks: readonly Check[] = [];
          const answer = await counted.check(asked, (standing) => {
            const decided = decide(standing);
            checks = decided.checks;
            return decided;
          });
          countDecisions(checks);
          return answer;
        },
      };
    },
    text: () => register.metrics(),
  };
}

type Labels = { kind: CheckLeaf['kind']; decision: string; reason: string };

/** How many have the same labels: the hundred answers of a batch are mostly one. */
function alike(checks: readonly Check[]): Iterable<[Labels, number]> {
  const counts: [Labels, number][] = [];
  for (const { leaf } of checks) {
    const { kind } = leaf;
    const decision = String(leaf.decision);
    const reason = leaf.decision ? '' : (leaf.reason ?? 'none');
    const known = counts.find(
      ([labels]) =>
        labels.kind === kind && labels.decision === decision && labels.reason === reason,
    );
    if (known === undefined) counts.push([{ kind, decision, reason }, 1]);
    else known[1]++;
  }
  return counts;
}

function withFailuresCounted(store: Store, count: (method: string) => void): Store {
  const counted = Object.entries(store).map(([name, method]) => {
    // What a decision refuses is the caller's affair, not a failure.
    const notice = (error: unknown) => {
      if (error instanceof StoreError) count(name);
    };
    return [
      name,
      (...values: unknown[]) => {
        const outcome = (method as (...values: unknown[]) => Promise<unknown>)(...values);
        outcome.catch(notice);
        return outcome;
      },
    ];
  });
  return Object.fromEntries(counted) as Store;
}

export type MetricsServer = { readonly url: string; close(): Promise<void> };

/**
 * Serves `GET /metrics` on a port of its own and on 127.0.0.1 only, so that a wrong rule of a proxy cannot publish it.
 * @param port 0 for any
 * @throws the listen error, such as EADDRINUSE
 */
export async function serveMetrics(metrics: Metrics, port: number): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
      () => response.writeHead(503).end(),
    );
  });
  await listening(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
