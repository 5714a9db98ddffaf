import { context, metrics, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type HistogramMetricData,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { desk } from '../fixtures/desk.ts';
import { telemetry } from './telemetry.ts';

const spans = new InMemorySpanExporter();
const measured = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 60_000 });
const meters = new MeterProvider({ readers: [reader] });

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }));
  metrics.setGlobalMeterProvider(meters);
});

beforeEach(() => spans.reset());

afterAll(() => meters.shutdown());

function only(): ReadableSpan {
  const finished = spans.getFinishedSpans();
  expect(finished).toHaveLength(1);
  return finished[0] as ReadableSpan;
}

test('a call is a span by the conventions for MCP', async () => {
  await using t = await inProcess(desk(telemetry()));
  await t.call('say', { text: 'a secret' });
  const span = only();
  expect([span.name, span.kind]).toEqual(['tools/call say', SpanKind.SERVER]);
  expect(span.attributes).toEqual({
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'say',
    'network.transport': 'tcp',
    'network.protocol.name': 'http',
    'mcp.protocol.version': '2026-07-28',
    'jsonrpc.request.id': expect.stringMatching(/./),
    'mortise.request.id': expect.stringMatching(/^[\w-]{12}-\d+$/),
  });
  expect(span.status.code).toBe(SpanStatusCode.UNSET);
});

test('the span continues the trace of the client, and a span of the handler continues it', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const server = desk(telemetry(), async (_, next) => {
    trace.getTracer('handler').startSpan('query').end();
    return next();
  });
  await using t = await inProcess(server);
  const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
  await t.client.callTool({ name: 'say', arguments: { text: 'x' }, _meta: { traceparent } });
  const [inner, outer] = spans.getFinishedSpans();
  expect(outer?.spanContext().traceId).toBe(traceId);
  expect(outer?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
  expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
});

test('a failed tool is an error with its code; a fault of the client elsewhere is none', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await using t = await inProcess(desk(telemetry()), '2025');
  await t.call('fail', { how: 'leak' });
  await expect(t.client.readResource({ uri: 'note://none' })).rejects.toThrow(/No such note/);
  const [tool, resource] = spans.getFinishedSpans();
  expect(tool?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'INTERNAL' });
  expect(tool?.attributes).toMatchObject({ 'error.type': 'tool_error', 'mortise.error.code': 'INTERNAL' });
  expect(JSON.stringify([tool?.attributes, tool?.events])).not.toContain('s3cret');
  expect(resource?.name).toBe('resources/read');
  expect(resource?.status.code).toBe(SpanStatusCode.UNSET);
  expect(resource?.attributes).toMatchObject({
    'mcp.resource.uri': 'note://none',
    'rpc.response.status_code': '-32602',
    'network.transport': 'pipe',
  });
  expect(resource?.attributes).not.toHaveProperty('error.type');
});

test('every call is measured, with nothing that a client made up', async () => {
  await reader.forceFlush();
  measured.reset();
  await using t = await inProcess(desk(telemetry()));
  await t.call('say', { text: 'x' });
  await t.client.readResource({ uri: 'note://7' });
  await expect(t.call('made-up-name')).rejects.toThrow(/Unknown tool/);
  await reader.forceFlush();
  const [metric] = measured.getMetrics().flatMap((each) => each.scopeMetrics.flatMap((scope) => scope.metrics));
  expect(metric?.descriptor).toMatchObject({ name: 'mcp.server.operation.duration', unit: 's' });
  const { dataPoints } = metric as HistogramMetricData;
  expect(dataPoints.map(({ attributes, value }) => [attributes, value.count])).toEqual([
    [
      {
        'mcp.method.name': 'tools/call',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'say',
        'network.transport': 'tcp',
        'network.protocol.name': 'http',
      },
      1,
    ],
    [{ 'mcp.method.name': 'resources/read', 'network.transport': 'tcp', 'network.protocol.name': 'http' }, 1],
  ]);
  expect(dataPoints[0]?.value.buckets.boundaries).toContain(0.01);
});

test('a request that is refused for want of scopes is counted by its entry, and is no span', async () => {
  measured.reset();
  const server = desk(telemetry()).tool(
    'guarded',
    { description: 'Guarded.', input: z.object({}), scopes: ['rare'] },
    () => '',
  );
  const ann = { token: '', clientId: 'app', scopes: [], extra: { sub: 'ann' } };
  await using t = await inProcess(server, '2026', undefined, ann);
  for (const _ of [1, 2]) await expect(t.call('guarded')).rejects.toThrow(/Insufficient scope/);
  await reader.forceFlush();
  const counted = measured.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((each) => each.metrics));
  const refusals = counted.find(({ descriptor }) => descriptor.name === 'mortise.server.requests.refused');
  expect(refusals?.dataPoints.map(({ attributes, value }) => [attributes, value])).toEqual([
    [{ 'mcp.method.name': 'tools/call', 'mortise.entry.name': 'guarded' }, 2],
  ]);
  expect(spans.getFinishedSpans()).toEqual([]);
});
