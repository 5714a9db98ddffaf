import type { Server } from '@mortise/toolkit';
import { serveHttp, type HttpService } from '@mortise/toolkit/serve/http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { mcpRequest } from '../mcp-request.ts';
import { Page } from './page.ts';

const page = Page.of('docs/tasks.md');
let service: HttpService;
beforeAll(async () => {
  page.infer();
  vi.stubEnv('DATABASE_URL', '');
  const { default: server } = await page.load<{ default: Server }>("name: 'reports'");
  const bind = { host: '127.0.0.1', port: 0, allowedHosts: [], withoutAuthentication: true };
  service = await serveHttp(server.start({}), bind);
});
afterAll(async () => {
  await service.stop('done');
  page[Symbol.dispose]();
});

const call = (name: string, values: object = {}): Promise<Record<string, unknown>> =>
  mcpRequest(service.url, 'tools/call', { name, arguments: values });
const settled = (taskId: unknown): Promise<Record<string, unknown>> =>
  vi.waitFor(async () => {
    const task = await mcpRequest(service.url, 'tasks/get', { taskId });
    expect(task['status']).not.toBe('working');
    return task;
  });

test('its class is inferred, and all of its code compiles', () => {
  expect(page.infer()).toEqual([]);
  expect(page.compile()).toBe('');
});

test('a report is written by a task', async () => {
  const { taskId, resultType } = await call('write_report', { year: 2026 });
  expect(resultType).toBe('task');
  expect(await settled(taskId)).toMatchObject({
    status: 'completed',
    result: { structuredContent: { year: 2026, pages: 12 } },
  });
});

test('a task asks, and goes on with the answer', async () => {
  const { taskId } = await call('delete_reports', { year: 2026 });
  const { inputRequests } = await settled(taskId);
  const [key = ''] = Object.keys(inputRequests as object);
  const inputResponses = { [key]: { action: 'accept', content: { sure: true } } };
  await mcpRequest(service.url, 'tasks/update', { taskId, inputResponses });
  expect(await settled(taskId)).toMatchObject({ result: { content: [{ text: 'Deleted 4 reports.' }] } });
});

test('a call asks before it becomes a task', async () => {
  const { requestState } = await call('mail_report');
  const inputResponses = { question_0: { action: 'accept', content: { address: 'ann@example.com' } } };
  const again = { name: 'mail_report', arguments: {}, requestState, inputResponses };
  const { taskId } = await mcpRequest(service.url, 'tools/call', again);
  expect(await settled(taskId)).toMatchObject({ result: { content: [{ text: 'Sent to ann@example.com.' }] } });
});
