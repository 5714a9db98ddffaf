import {
  context as active,
  metrics,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context as TraceContext,
  type Counter,
  type Histogram,
  type Link,
} from '@opentelemetry/api';

import type { Call, Middleware, Refusal } from '../dispatch/middleware.ts';
import { callAttributes, DURATION, endingAttributes, REFUSED } from './conventions.ts';
import { observe } from './observe.ts';

const SCOPE = '@mortise/toolkit';

/**
 * A span and a measurement for every call, by OpenTelemetry's semantic conventions for MCP. It only uses the
 * OpenTelemetry API: nothing happens until the process registers an SDK, before the server starts. The span continues
 * the trace whose context the client sent in `_meta` (SEP-414). Arguments and results are never recorded.
 *
 * ```ts
 * createServer({ name, version, use: [telemetry()] });
 * ```
 */
export function telemetry(): Middleware {
  let duration: Histogram | undefined;
  let refusals: Counter | undefined;
  const refused = ({ method, name }: Refusal): void => {
    refusals ??= metrics.getMeter(SCOPE).createCounter('mortise.server.requests.refused', { description: REFUSED });
    refusals.add(1, { 'mcp.method.name': method, 'mortise.entry.name': name });
  };
  const measure: Middleware = (call, next) => {
    // not before the first call: a meter that is asked for before the SDK is there measures nothing for ever
    duration ??= metrics.getMeter(SCOPE).createHistogram(DURATION.name, {
      description: DURATION.description,
      unit: DURATION.unit,
      advice: { explicitBucketBoundaries: [...DURATION.buckets] },
    });
    const measured = duration;
    const attributes = callAttributes(call);
    const { parent, links } = parentOf(call);
    const target = attributes['gen_ai.tool.name'] ?? attributes['gen_ai.prompt.name'];
    return trace
      .getTracer(SCOPE)
      .startActiveSpan(
        target === undefined ? call.method : `${call.method} ${target}`,
        { kind: SpanKind.SERVER, attributes: { ...attributes, ...requestAttributes(call) }, links },
        parent,
        async (span) => {
          try {
            return await observe(call, next, (ending) => {
              const ended = endingAttributes(ending);
              span.setAttributes(ended);
              if ('error.type' in ended) span.setStatus({ code: SpanStatusCode.ERROR, message: ending.code ?? '' });
              measured.record(ending.milliseconds / 1000, { ...attributes, ...ended });
            });
          } finally {
            span.end();
          }
        },
      );
  };
  return Object.assign(measure, { refused });
}

/** The client's span where it sent one, linked with the span that is active here, such as that of the HTTP request. */
function parentOf({ context: { request } }: Call): { parent: TraceContext; links: Link[] } {
  const here = active.active();
  const carrier = Object.fromEntries(Object.entries(request.meta).filter(([, value]) => typeof value === 'string'));
  const parent = propagation.extract(here, carrier);
  const [local, remote] = [trace.getSpanContext(here), trace.getSpanContext(parent)];
  return { parent, links: local && remote && local !== remote ? [{ context: local }] : [] };
}

/** What is different for every request: on spans only, never on a metric. */
function requestAttributes({ uri, context: { request } }: Call): Record<string, string> {
  const version = request.headers?.get('mcp-protocol-version') ?? (request.era === '2026' ? '2026-07-28' : undefined);
  const session = request.headers?.get('mcp-session-id');
  return {
    'jsonrpc.request.id': String(request.messageId),
    'mortise.request.id': request.id,
    ...(version !== undefined && { 'mcp.protocol.version': version }),
    ...(typeof session === 'string' && { 'mcp.session.id': session }),
    ...(uri !== undefined && { 'mcp.resource.uri': uri }),
  };
}
