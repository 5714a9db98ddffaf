import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { desk } from '../fixtures/desk.ts';
import { createServer, type Server } from '../index.ts';
import { audit, type AuditRecord, type AuditSink } from './audit.ts';
import { rateLimit } from './rate-limit.ts';
import { redact } from './redact.ts';

/** A sink that keeps what it is given. */
function keeping(): AuditSink & { records: AuditRecord[] } {
  const records: AuditRecord[] = [];
  return { records, write: (record) => void records.push(record) };
}

test('a record says who did what to what, how it ended and how much it gave out', async () => {
  const sink = keeping();
  const authInfo = { token: 'x', clientId: 'app', scopes: [], extra: { sub: 'ann' } };
  await using t = await inProcess(desk(audit({ sink })), '2026', undefined, authInfo);
  await t.call('say', { text: 'häh' });
  expect(sink.records).toEqual([
    {
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      request: expect.stringMatching(/^[\w-]{12}-\d+$/),
      subject: 'ann',
      client: 'app',
      agent: 'test/1.2.3',
      method: 'tools/call',
      name: 'say',
      target: null,
      arguments: { text: '[string of 3]' },
      outcome: 'ok',
      code: null,
      duration_ms: expect.any(Number),
      bytes: 4,
    },
  ]);
});

test('a call that failed, was refused or asked for what is not there has its code', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const sink = keeping();
  const limited = rateLimit({ limit: { calls: 4, seconds: 30 } });
  await using t = await inProcess(desk(audit({ sink }), limited), '2025');
  await t.call('fail', { how: 'missing' });
  await t.call('fail', { how: 'leak' });
  await t.call('fail', { how: 5, why: 1 });
  await expect(t.client.readResource({ uri: 'note://none' })).rejects.toThrow(/No such note/);
  await t.call('say', { text: 'x' });
  await expect(t.call('nothing')).rejects.toThrow(/Unknown tool/);
  expect(sink.records.map(({ name, target, outcome, code, bytes }) => [name, target, outcome, code, bytes])).toEqual([
    ['fail', null, 'error', 'NOT_FOUND', 0],
    ['fail', null, 'error', 'INTERNAL', 0],
    ['fail', null, 'error', 'INVALID_ARGUMENT', 0],
    ['note', 'note://none', 'error', 'NOT_FOUND', 0],
    ['say', null, 'error', 'RATE_LIMITED', 0],
  ]);
  expect(JSON.stringify(sink.records)).not.toMatch(/s3cret/);
});

test('a call that asks its user is told apart from one that failed', async () => {
  const sink = keeping();
  const server = desk(audit({ sink })).tool(
    'ask',
    { description: 'Ask.', input: z.object({}), confirm: 'Sure?' },
    () => 'done',
  );
  await using t = await inProcess(server, '2026', () => ({ action: 'accept', content: {} }));
  await t.call('ask');
  expect(sink.records.map(({ outcome, code }) => [outcome, code])).toEqual([
    ['input_required', 'INPUT_REQUIRED'],
    ['ok', null],
  ]);
});

test('the sink of its own writes one line of JSON on stderr', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await using t = await inProcess(desk(audit({ target: (call) => String(call.arguments['text']) })));
  await t.call('say', { text: 'a\nb' });
  const line = stderr.mock.calls.map(([text]) => String(text)).find((text) => text.startsWith('{"audit"'));
  expect(line?.indexOf('\n')).toBe(line && line.length - 1);
  expect(JSON.parse(line ?? '')).toMatchObject({ audit: { name: 'say', target: 'a\nb' } });
});

test('a sink that fails is reported; the call is answered', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const sink: AuditSink = { write: () => Promise.reject(new Error('disk full')) };
  await using t = await inProcess(desk(audit({ sink })));
  expect((await t.call('say', { text: 'x' })).text).toBe('x');
  expect(stderr.mock.calls.join('')).toMatch(/the audit record of request \S+ \(say\) was not written: disk full/);
});

describe('redaction', () => {
  const values = {
    order_id: 'ORD-1',
    note: 'for Ann',
    limit: 5,
    filters: { status: 'open', email: 'ann@example.com', ids: [1, 2] },
    password: 'hunter2',
    apiKey: 'k',
    nested: { access_token: 't', list: [{ card_number: '4111' }] },
    nothing: null,
  };

  test('shows names, types and sizes by default', () => {
    expect(redact(values, {})).toEqual({
      order_id: '[string of 5]',
      note: '[string of 7]',
      limit: '[number]',
      filters: { status: '[string of 4]', email: '[string of 15]', ids: '[array of 2]' },
      password: '[redacted]',
      apiKey: '[redacted]',
      nested: { access_token: '[redacted]', list: '[array of 1]' },
      nothing: '[null]',
    });
  });

  test('shows the values that it is told to, at any depth', () => {
    expect(redact(values, { show: ['order_id', 'status', 'ids', 'limit'] })).toMatchObject({
      order_id: 'ORD-1',
      note: '[string of 7]',
      limit: 5,
      filters: { status: 'open', email: '[string of 15]', ids: [1, 2] },
    });
  });

  test('never shows a secret, even when it shows all', () => {
    const shown = redact(values, { show: 'all' });
    expect(shown).toMatchObject({ note: 'for Ann', password: '[redacted]', filters: { email: 'ann@example.com' } });
    expect(shown['nested']).toEqual({ access_token: '[redacted]', list: [{ card_number: '[redacted]' }] });
    expect(redact(values, { show: 'all', secret: /email|note/ })).toMatchObject({
      note: '[redacted]',
      filters: { email: '[redacted]' },
      apiKey: 'k',
    });
  });

  test('keeps a record short, however long, wide or deep the arguments are', () => {
    let deep: Record<string, unknown> = { end: 'x' };
    for (let depth = 0; depth < 100; depth++) deep = { deep };
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`${index}`.repeat(200), index]));
    const long = { text: 'x'.repeat(1_000), list: Array.from({ length: 10_000 }, () => 1) };
    const shown = redact({ deep, wide, ...long }, { show: 'all' });
    expect(String(shown['text'])).toHaveLength(201);
    expect(JSON.stringify(shown['deep']).length).toBeLessThan(60);
    expect(JSON.stringify(shown).length).toBeLessThan(15_000);
  });
});

function guarded(sink: AuditSink): Server {
  return createServer({
    name: 'guarded',
    version: '1',
    use: [audit({ sink, redaction: { show: ['id'] } })],
  })
    .tool(
      'delete',
      { description: 'Delete.', input: z.object({ id: z.string() }), scopes: ['delete', 'write'] },
      () => 'deleted',
    )
    .resource('note://{id}', { name: 'note', description: 'A note.', scopes: ['notes'] }, () => 'note');
}

describe('a request that is refused for want of scopes', () => {
  const ann = { token: 'x', clientId: 'app', scopes: ['write'], extra: { sub: 'ann' } };

  test('over HTTP is recorded once, with who wanted what', async () => {
    const sink = keeping();
    const verified = { callers: { kind: 'verified' } } as const;
    await using t = await inProcess(guarded(sink), '2026', undefined, ann, verified);
    await expect(t.call('delete', { id: '7', why: 'secret' })).rejects.toThrow(/Insufficient scope/);
    await expect(t.client.readResource({ uri: 'note://7' })).rejects.toThrow(/Insufficient scope/);
    await expect(t.call('nothing')).rejects.toThrow(/Unknown tool/);
    expect(sink.records).toMatchObject([
      {
        request: expect.stringMatching(/^[\w-]{12}-\d+$/) as string,
        subject: 'ann',
        client: 'app',
        agent: 'test/1.2.3',
        method: 'tools/call',
        name: 'delete',
        arguments: { id: '7', why: '[string of 6]' },
        outcome: 'error',
        code: 'INSUFFICIENT_SCOPE',
        bytes: 0,
      },
      { method: 'resources/read', name: 'note', target: 'note://7', arguments: {}, code: 'INSUFFICIENT_SCOPE' },
    ]);
    expect(sink.records).toHaveLength(2);
  });

  test('over a transport without such an answer is, too', async () => {
    const sink = keeping();
    const local = { callers: { kind: 'local', subject: 'bob', scopes: ['write'] } } as const;
    await using t = await inProcess(guarded(sink), '2025', undefined, undefined, local);
    expect((await t.call('delete', { id: '7' })).text).toMatch(/^INSUFFICIENT_SCOPE/);
    expect(sink.records).toMatchObject([{ subject: 'bob', name: 'delete', arguments: { id: '7' }, duration_ms: 0 }]);
    expect(sink.records).toHaveLength(1);
  });

  test('is refused all the same where the sink fails', async () => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const sink: AuditSink = { write: () => Promise.reject(new Error('disk full')) };
    await using t = await inProcess(guarded(sink), '2026', undefined, ann, { callers: { kind: 'verified' } });
    await expect(t.call('delete', { id: '7' })).rejects.toThrow(/Insufficient scope/);
    expect(stderr.mock.calls.join('')).toMatch(/the audit record of request \S+ \(delete\) was not written: disk full/);
  });
});
