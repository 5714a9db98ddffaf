import { mkdirSync, readFileSync, renameSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { mortise } from './adapters/mortise.ts';
import { Session } from './session.ts';

const root = mkdtempSync(join(tmpdir(), 'server-'));
const text = `${'some words that are searched slowly '.repeat(30)}\n`.repeat(1000);
beforeAll(() => {
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs/plan.md'), '# Plan\n');
  writeFileSync(join(root, 'docs/photo.bin'), Buffer.of(1, 0, 2, 0, 0));
  writeFileSync(join(root, '.env'), 'SECRET');
  for (let index = 0; index < 150; index += 1) writeFileSync(join(root, `words-${index}.txt`), text);
});
afterAll(() => rmSync(root, { recursive: true }));

function unasked(): never {
  throw new Error('asked');
}

/** CPU seconds of a process so far (Linux, 100 ticks a second). */
function cpu(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  test('reads files as resources, with paths completed', async () => {
    await using session = await Session.open(mortise(), [root], era);
    const { client } = session;
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['file:///{+path}']);
    const { resources } = await client.listResources();
    expect(resources).toEqual([{ uri: `file://${root}`, name: basename(root), mimeType: 'inode/directory' }]);
    const read = async (path: string): Promise<unknown> =>
      (await client.readResource({ uri: `file://${join(root, path)}` })).contents[0];
    expect(await read('docs/plan.md')).toMatchObject({ text: '# Plan\n' });
    expect(await read('docs/photo.bin')).toMatchObject({ blob: 'AQACAAA=' });
    expect(await read('docs')).toMatchObject({ text: expect.stringContaining('plan.md') });
    for (const path of ['absent', '.env', '../outside'])
      await expect(read(path)).rejects.toMatchObject({ code: -32602 });
    const ref = { type: 'ref/resource', uri: 'file:///{+path}' } as const;
    const complete = async (value: string): Promise<string[]> =>
      (await client.complete({ ref, argument: { name: 'path', value } })).completion.values;
    const typed = root.slice(1);
    expect(await complete(typed.slice(0, 5))).toEqual([`${typed}/`]);
    expect(await complete(`${typed}/d`)).toEqual([`${typed}/docs/`]);
    expect(await complete(`${typed}/docs/p`)).toEqual([`${typed}/docs/photo.bin`, `${typed}/docs/plan.md`]);
    expect(await complete(`${typed}/.e`)).toEqual([]);
    expect(await complete('etc/pass')).toEqual([]);
  });

  test('hears of a change to a resource that it reads', async () => {
    await using session = await Session.open(mortise(), [root], era);
    const { client } = session;
    writeFileSync(join(root, 'docs/live.md'), 'one\n');
    const uri = `file://${join(root, 'docs/live.md')}`;
    const updated: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void updated.push(params.uri));
    if (era === '2025') await client.subscribeResource({ uri });
    else await client.listen({ resourceSubscriptions: [uri] });
    await client.readResource({ uri });
    await after(300);
    writeFileSync(join(root, 'docs/new'), 'two, longer\n');
    renameSync(join(root, 'docs/new'), join(root, 'docs/live.md')); // as editors save
    await expect.poll(() => updated, { timeout: 5000 }).toEqual([uri]);
  });

  test('narrows what it sees with its own roots, and never widens it', async () => {
    let own = [`file://${root}/docs`];
    await using session = await Session.open(mortise(['--client-roots', 'narrow']), [root], era, () => own);
    const { client } = session;
    const list = async (): Promise<string> =>
      JSON.stringify((await client.callTool({ name: 'list_roots', arguments: {} })).content);
    expect(await list()).toContain(`${root}/docs  file://${root}/docs\\n`);
    expect((await session.do({ kind: 'read', path: 'plan.md' })).text).toContain('# Plan');
    expect((await session.do({ kind: 'search', path: '.', pattern: '*' })).text).not.toContain('words-1');
    for (const path of [`${root}/words-1.txt`, `${root}/docs/../words-1.txt`, '../words-1.txt', '/etc/passwd']) {
      expect((await session.do({ kind: 'read', path })).text).toContain('OUTSIDE');
    }
    await expect(client.readResource({ uri: `file://${root}/words-1.txt` })).rejects.toMatchObject({ code: -32602 });
    const explain = { name: 'explain_file', arguments: { path: `${root}/words-1.txt` } };
    await expect(client.getPrompt(explain)).rejects.toThrow('OUTSIDE');
    const ref = { type: 'ref/resource', uri: 'file:///{+path}' } as const;
    const { completion } = await client.complete({ ref, argument: { name: 'path', value: root.slice(1) } });
    expect(completion.values).toEqual([]);

    own = ['file:///']; // holds every root of the server: no narrower, and no wider
    if (era === '2025') await client.sendRootsListChanged();
    expect((await session.do({ kind: 'read', path: `${root}/words-1.txt` })).kind).toBe('answer');
    expect((await session.do({ kind: 'read', path: '/etc/passwd' })).text).toContain('OUTSIDE');

    own = ['file:///etc', `file://${root}/.env`, `file://${root}/absent`, `file://${root}-2`];
    if (era === '2025') await client.sendRootsListChanged();
    expect(await list()).toContain('no root of the client lies in');
    for (const path of ['.', root, '/etc/passwd']) {
      expect((await session.do({ kind: 'list', path })).text).toContain('Nothing is allowed');
    }
  });

  test('is not asked for its roots unless the operator wants it, and need not have any', async () => {
    await using off = await Session.open(mortise(), [root], era, unasked);
    expect((await off.do({ kind: 'read', path: 'docs/plan.md' })).kind).toBe('answer');
    await using none = await Session.open(mortise(['--client-roots', 'narrow']), [root], era);
    expect((await none.do({ kind: 'read', path: 'docs/plan.md' })).kind).toBe('answer');
  });

  test('needs the scope files:read where the caller has scopes', async () => {
    const read = { kind: 'read', path: 'docs/plan.md' } as const;
    await using reader = await Session.open(mortise(['--scopes', 'files:read']), [root], era);
    expect((await reader.do(read)).text).toContain('# Plan');
    expect((await reader.client.listPrompts()).prompts).toHaveLength(3);
    expect((await reader.client.listResources()).resources).toHaveLength(1);
    await using other = await Session.open(mortise(['--scopes', 'orders:read']), [root], era);
    expect((await other.do(read)).text).toContain('INSUFFICIENT_SCOPE');
    await expect(other.client.readResource({ uri: `file://${root}` })).rejects.toThrow('files:read');
  });

  test('gets prompts, one with a file in it', async () => {
    await using session = await Session.open(mortise(), [root], era);
    const { client } = session;
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(['find_documents', 'summarize_folder', 'explain_file']);
    const { messages } = await client.getPrompt({
      name: 'explain_file',
      arguments: { path: join(root, 'docs/plan.md') },
    });
    expect(messages[1]?.content).toMatchObject({ type: 'resource', resource: { text: '# Plan\n' } });
    await expect(client.getPrompt({ name: 'explain_file', arguments: { path: '/etc/passwd' } })).rejects.toThrow(
      'OUTSIDE',
    );
  });

  test.runIf(process.platform === 'linux')('hears how far a search is, and stops it by cancelling', async () => {
    await using session = await Session.open(mortise(), [root], era);
    const { client, pid } = session;
    const slow = { name: 'grep', arguments: { pattern: String.raw`(?i)(?:\w+ ){6}\d+q`, path: root } };
    const cancel = new AbortController();
    const told: string[] = [];
    const onprogress = ({ message }: { message?: string | undefined }): void => void told.push(message ?? '');
    const call = client.callTool(slow, { signal: cancel.signal, onprogress }).catch((error: unknown) => error);
    await expect.poll(() => told, { timeout: 8000 }).toContainEqual(expect.stringMatching(/^\d+ files? searched/));
    const busy = cpu(pid);
    await expect.poll(() => cpu(pid) - busy, { timeout: 3000 }).toBeGreaterThan(0.05); // it works on
    cancel.abort();
    await call;
    await after(100);
    const stopped = cpu(pid);
    await after(400);
    expect(cpu(pid) - stopped).toBeLessThan(0.05);
    expect(await session.do({ kind: 'read', path: 'docs/plan.md' })).toMatchObject({ kind: 'answer' });
  });
});
