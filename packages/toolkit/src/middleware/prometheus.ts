import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { Answers, Call, CallMethod, Middleware, Next, Refusal } from '../dispatch/middleware.ts';
import { callAttributes, DURATION, endingAttributes, REFUSED } from './conventions.ts';
import { serveMetrics, type MetricsBind, type MetricsService } from './metrics-endpoint.ts';
import { observe } from './observe.ts';

/** What is measured. */
export interface PrometheusOptions {
  /** Default: a registry of its own. */
  readonly registry?: Registry;
  /** Also measures the process: memory, event loop, garbage collection. Default true. */
  readonly process?: boolean;
}

/** Middleware that measures, and the endpoint that tells. */
export interface Prometheus {
  readonly middleware: Middleware;
  readonly registry: Registry;
  /**
   * Serves `/metrics` on a port of its own until it is disposed of.
   * @throws ConfigurationError when the port cannot be had, or when others could read it without a token
   */
  listen(bind?: MetricsBind): Promise<MetricsService>;
}

const LABELS = [
  'mcp_method_name',
  'gen_ai_tool_name',
  'gen_ai_prompt_name',
  'network_transport',
  'error_type',
  'rpc_response_status_code',
  'mortise_error_code',
];

/**
 * Measures every call for Prometheus, under the names that OpenTelemetry's conventions have there. A label never holds
 * what a client sent: the name of an unknown tool cannot become one.
 *
 * ```ts
 * const metrics = prometheus();
 * createServer({
 *   name,
 *   version,
 *   use: [metrics.middleware],
 *   setup: async (stack) => {
 *     stack.use(await metrics.listen({ port: 9464 }));
 *     return [];
 *   },
 * });
 * ```
 */
export function prometheus({ registry = new Registry(), process = true }: PrometheusOptions = {}): Prometheus {
  const registers = [registry];
  if (process) collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: `${underscored(DURATION.name)}_seconds`,
    help: DURATION.description,
    labelNames: LABELS,
    buckets: [...DURATION.buckets],
    registers,
  });
  const running = new Gauge({
    name: 'mcp_server_operations_in_progress',
    help: 'Requests that are being answered.',
    registers,
  });
  const refusals = new Counter({
    name: 'mcp_server_requests_refused_total',
    help: REFUSED,
    labelNames: ['mcp_method_name', 'mortise_entry_name'],
    registers,
  });
  const middleware: Middleware = Object.assign(measured, {
    refused: ({ method, name }: Refusal) => refusals.inc({ mcp_method_name: method, mortise_entry_name: name }),
  });
  return { registry, middleware, listen: (bind = {}) => serveMetrics(registry, bind) };

  async function measured<M extends CallMethod>(call: Call<M>, next: Next<M>): Promise<Answers[M]> {
    running.inc();
    try {
      return await observe(call, next, (ending) => {
        const attributes = Object.entries({ ...callAttributes(call), ...endingAttributes(ending) });
        const labels = attributes
          .map(([name, value]): [string, string] => [underscored(name), value])
          .filter(([name]) => LABELS.includes(name));
        duration.observe(Object.fromEntries(labels), ending.milliseconds / 1000);
      });
    } finally {
      running.dec();
    }
  }
}

function underscored(name: string): string {
  return name.replaceAll('.', '_');
}
