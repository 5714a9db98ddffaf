import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { mortise } from './adapters/mortise.ts';
import { Session } from './session.ts';

const root = mkdtempSync(join(tmpdir(), 'sandbox-'));
const outside = mkdtempSync(join(tmpdir(), 'sandbox-outside-'));
writeFileSync(join(root, 'a.txt'), 'inside\n');
writeFileSync(join(outside, 'b.txt'), 'outside\n');
// What a server that has been taken over would try; loaded into the process before the server.
writeFileSync(
  join(root, 'probe.mjs'),
  `import fs from 'node:fs';
   const tried = (name, call) => { try { call(); return name + ' possible'; } catch (error) { return name + ' ' + error.code; } };
   console.error([
     tried('read', () => fs.readFileSync(${JSON.stringify(join(outside, 'b.txt'))})),
     tried('list', () => fs.readdirSync(${JSON.stringify(outside)})),
     tried('write', () => fs.writeFileSync(${JSON.stringify(join(root, 'written'))}, '')),
     tried('inside', () => fs.readFileSync(${JSON.stringify(join(root, 'a.txt'))})),
   ].join(', '));`,
);
afterAll(() => {
  for (const folder of [root, outside]) rmSync(folder, { recursive: true });
});

async function probed(sandbox: string): Promise<string> {
  const { command, args } = mortise(['--sandbox', sandbox]).command([root]);
  const child = spawn(command, [`--import=${join(root, 'probe.mjs')}`, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
  setTimeout(() => child.stdin.end(), 1500);
  await once(child, 'close');
  return text;
}

describe.runIf(process.platform === 'linux' && 'execve' in process)('--sandbox', () => {
  test.each(['landlock', 'permission'])('%s answers as before and says so', async (sandbox) => {
    await using session = await Session.open(mortise(['--sandbox', sandbox]), [root], '2026');
    const { text } = await session.do({ kind: 'read', path: 'a.txt' });
    expect(text).toContain('inside');
    expect((await session.do({ kind: 'search', path: '.', pattern: '*.txt' })).text).toContain('a.txt');
    const roots = await session.client.callTool({ name: 'list_roots', arguments: {} });
    expect(JSON.stringify(roots.content)).toContain(`sandbox: ${sandbox}`);
  });

  test.each([
    ['landlock', 'EACCES'],
    ['permission', 'ERR_ACCESS_DENIED'],
  ])('%s stops even code inside the process', async (sandbox, code) => {
    const text = await probed(sandbox);
    expect(text).toContain('read possible, list possible, write possible'); // before it is entered
    expect(text).toContain(`read ${code}, list ${code}, write ${code}, inside possible`);
    expect(readdirSync(root)).toContain('written');
  });
});

test('no folder, or a sandbox that there is not, is refused in one line', async () => {
  for (const [args, message] of [
    [[], /^filesystem-readonly: Name the folders that may be read: [^\n]+\n$/],
    [['--demo', '--client-roots', 'all'], /^filesystem-readonly: --client-roots is narrow or off\.\n$/],
    [['--demo', '--sandbox', 'chroot'], /^filesystem-readonly: --sandbox is one of landlock, permission, off\.\n$/],
    [[join(root, 'absent')], /^filesystem-readonly: The folder [^\n]+ does not exist[^\n]+\n$/],
  ] as const) {
    const { command, args: own } = mortise().command([]);
    const child = spawn(command, [...own, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
    const [code] = (await once(child, 'close')) as [number];
    expect(text).toMatch(message);
    expect(code).toBe(1);
  }
});
