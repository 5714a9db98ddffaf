import { request } from 'node:http';

import { expect, test, vi } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { desk } from '../fixtures/desk.ts';
import { ConfigurationError } from '../index.ts';
import { prometheus, type Prometheus } from './prometheus.ts';

const local = { host: '127.0.0.1', port: 0 };

async function series(metrics: Prometheus, name: string): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line.startsWith(name));
}

test('a call is counted under the names of the definitions, never under what a client sent', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const metrics = prometheus({ process: false });
  await using t = await inProcess(desk(metrics.middleware));
  await t.call('say', { text: 'made-up' });
  await t.call('fail', { how: 'leak' });
  for (let times = 0; times < 50; times++) {
    await expect(t.call(`made-up-${times}`)).rejects.toThrow(/Unknown tool/);
    await expect(t.client.readResource({ uri: `made-up://${times}` })).rejects.toThrow(/./);
    await t.client.readResource({ uri: `note://made-up-${times}` });
  }
  expect(await series(metrics, 'mcp_server_operation_duration_seconds_count')).toEqual([
    'mcp_server_operation_duration_seconds_count{mcp_method_name="tools/call",gen_ai_tool_name="say",network_transport="tcp"} 1',
    'mcp_server_operation_duration_seconds_count{mcp_method_name="tools/call",gen_ai_tool_name="fail",network_transport="tcp",error_type="tool_error",mortise_error_code="INTERNAL"} 1',
    'mcp_server_operation_duration_seconds_count{mcp_method_name="resources/read",network_transport="tcp"} 50',
  ]);
  expect(await metrics.registry.metrics()).not.toContain('made-up');
});

test('a request that is refused for want of scopes is counted by its entry', async () => {
  const metrics = prometheus({ process: false });
  const server = desk(metrics.middleware).tool(
    'guarded',
    { description: 'Guarded.', input: z.object({}), scopes: ['rare'] },
    () => '',
  );
  const ann = { token: '', clientId: 'app', scopes: [], extra: { sub: 'ann' } };
  await using t = await inProcess(server, '2026', undefined, ann);
  for (const _ of [1, 2]) await expect(t.call('guarded')).rejects.toThrow(/Insufficient scope/);
  expect(await series(metrics, 'mcp_server_requests_refused_total')).toEqual([
    'mcp_server_requests_refused_total{mcp_method_name="tools/call",mortise_entry_name="guarded"} 2',
  ]);
  expect(await series(metrics, 'mcp_server_operation_duration_seconds_count')).toEqual([]);
});

test('what is being answered is counted while it is', async () => {
  const metrics = prometheus({ process: false });
  await using t = await inProcess(desk(metrics.middleware));
  const answer = t.call('work', { ms: 100 });
  await expect
    .poll(() => series(metrics, 'mcp_server_operations_in_progress'))
    .toEqual(['mcp_server_operations_in_progress 1']);
  await answer;
  expect(await series(metrics, 'mcp_server_operations_in_progress')).toEqual(['mcp_server_operations_in_progress 0']);
});

test('the endpoint tells on loopback, to programs of this machine', async () => {
  const metrics = prometheus();
  await using service = await metrics.listen(local);
  const answer = await fetch(service.url);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await answer.text()).toMatch(/^process_resident_memory_bytes \d+/m);
  expect((await fetch(service.url.replace('/metrics', '/'))).status).toBe(404);
  expect((await fetch(service.url, { method: 'POST' })).status).toBe(405);
  // a web page that reaches the port by a name of its own (DNS rebinding)
  expect(await statusOf(service.url, { host: 'evil.example' })).toBe(403);
});

test('with a token it tells nobody else', async () => {
  const metrics = prometheus({ process: false });
  await using service = await metrics.listen({ ...local, token: 's3cret' });
  const refused = await fetch(service.url);
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect(await statusOf(service.url, { authorization: 'Bearer s3cre' })).toBe(401);
  expect(await statusOf(service.url, { authorization: 'Bearer s3cret', host: 'metrics.internal' })).toBe(200);
});

test('other machines need a token, or the operator’s word', async () => {
  const metrics = prometheus({ process: false });
  await expect(metrics.listen({ host: '0.0.0.0', port: 0 })).rejects.toThrow(
    /metrics on 0\.0\.0\.0 is reachable from other machines: give it a token/,
  );
  await expect(metrics.listen({ ...local, token: '' })).rejects.toThrow(/token of \/metrics is empty/);
  await using open = await metrics.listen({ host: '0.0.0.0', port: 0, withoutAuthentication: true });
  await using asks = await metrics.listen({ host: '0.0.0.0', port: 0, token: 'x' });
  expect((await fetch(open.url.replace('0.0.0.0', '127.0.0.1'))).status).toBe(200);
  expect((await fetch(asks.url.replace('0.0.0.0', '127.0.0.1'))).status).toBe(401);
});

test('a busy port is the operator’s to mend', async () => {
  const metrics = prometheus({ process: false });
  await using first = await metrics.listen(local);
  const port = Number(new URL(first.url).port);
  await expect(metrics.listen({ ...local, port })).rejects.toThrow(ConfigurationError);
});

function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end();
  });
}
