// What searching and reading cost, on 200,000 files and a text file of 1 GiB, in CPU seconds of the server's process:
// ours, the official server's, find's, and ripgrep's where `rg` or the package @vscode/ripgrep can be had.
// node --conditions=@mortise/source test/bench/filesystem.ts [folder to keep the files in]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { mortise } from '../filesystem/adapters/mortise.ts';
import { official } from '../filesystem/adapters/official.ts';
import { Session } from '../filesystem/session.ts';

const home = process.argv[2] ?? join(tmpdir(), 'filesystem-bench');
const tree = join(home, 'tree');
const big = join(home, 'big/lines.txt');
const TICKS = 100; // per second: USER_HZ on every Linux

makeTree();
makeBig();
const rg = ripgrep();

/** User and system seconds of a process so far (Linux). */
function cpu(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Of a program run to its end, by time(1) of the shell. */
function program(command: string, args: readonly string[]): number {
  const { stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1', '-', command, ...args]);
  return String(stderr)
    .trim()
    .split(' ')
    .reduce((sum, part) => sum + Number(part), 0);
}

async function measured(
  session: Session,
  name: string,
  values: Record<string, unknown>,
): Promise<{ seconds: number; wall: number; memory: number; text: string }> {
  const before = { cpu: cpu(session.pid), memory: session.memory() };
  let peak = before.memory;
  const watch = setInterval(() => (peak = Math.max(peak, session.memory())), 20);
  const begun = performance.now();
  const result = await session.client
    .callTool({ name, arguments: values }, { timeout: 300_000 })
    .catch((error: unknown) => ({ content: [{ type: 'text', text: String(error) }] }));
  const wall = (performance.now() - begun) / 1000;
  clearInterval(watch);
  const text = (result.content as { text?: string }[]).map((block) => block.text ?? '').join('\n');
  return { seconds: cpu(session.pid) - before.cpu, wall, memory: peak - before.memory, text };
}

function line(what: string, who: string, seconds: number, rest = ''): void {
  console.log(`${what.padEnd(34)} ${who.padEnd(22)} ${seconds.toFixed(2).padStart(7)} s CPU ${rest}`);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB more memory`;
}

async function ours(): Promise<void> {
  await using session = await Session.open(mortise(), [home], '2026');
  await measured(session, 'list_roots', {});
  for (const [what, values] of [
    ['walk by name, nothing found', { path: tree, pattern: '*.nothing' }],
    ['walk by name, 200 on a page', { path: tree, pattern: '*.md' }],
  ] as const) {
    const { seconds, memory } = await measured(session, 'search_files', values);
    line(what, 'filesystem-readonly', seconds, megabytes(memory));
  }
  let pages = 0;
  let total = 0;
  for (let cursor: string | undefined; pages === 0 || cursor !== undefined; pages += 1) {
    const values = { path: tree, pattern: '*.md', ...(cursor !== undefined && { cursor }) };
    const { seconds, text } = await measured(session, 'search_files', values);
    total += seconds;
    cursor = /cursor=([\w-]+)/.exec(text)?.[1];
  }
  line(`all 10,000 names, ${pages} pages`, 'filesystem-readonly', total);
  for (const [what, values] of [
    ['grep 200,000 files, absent', { path: tree, pattern: 'absent[0-9]+needle' }],
    ['grep 200,000 files, any case', { path: tree, pattern: 'absent[0-9]+needle', ignore_case: true }],
  ] as const) {
    let seconds = 0;
    let cursor: string | undefined;
    do {
      const part = await measured(session, 'grep', { ...values, ...(cursor !== undefined && { cursor }) });
      seconds += part.seconds;
      cursor = /cursor=([\w-]+)/.exec(part.text)?.[1];
    } while (cursor !== undefined);
    line(what, 'filesystem-readonly', seconds);
  }
  const searching = session.client.callTool({ name: 'grep', arguments: { path: tree, pattern: 'absent[0-9]+needle' } });
  const waits: number[] = [];
  for (let index = 0; index < 40; index += 1) {
    const begun = performance.now();
    await session.client.callTool({ name: 'read_file', arguments: { path: big, limit: 1 } });
    waits.push(performance.now() - begun);
  }
  await searching;
  const [median = 0, slowest = 0] = [20, 39].map((index) => waits.toSorted((a, b) => a - b)[index]);
  console.log(`a read beside a grep: median ${median.toFixed(1)} ms, slowest of 40 ${slowest.toFixed(1)} ms`);
  for (const [what, values] of [
    ['1 GiB file, first lines', { path: big }],
    ['1 GiB file, lines at 8,000,000', { path: big, offset: 8_000_000, limit: 100 }],
    ['1 GiB file, last 100 lines', { path: big, tail: 100 }],
  ] as const) {
    const { seconds, memory } = await measured(session, 'read_file', values);
    line(what, 'filesystem-readonly', seconds, megabytes(memory));
  }
}

async function theirs(): Promise<void> {
  const prefix = join(home, 'official');
  if (!existsSync(prefix)) {
    execFileSync('npm', ['install', '--prefix', prefix, '@modelcontextprotocol/server-filesystem@2.0.1'], {
      stdio: 'ignore',
    });
  }
  const entry = join(prefix, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');
  await using session = await Session.open(official('official', entry), [home], '2025');
  const { seconds } = await measured(session, 'search_files', { path: tree, pattern: '**/*.md' });
  line('walk by name', 'official 2.0.1', seconds);
}

function makeTree(): void {
  if (existsSync(tree)) return;
  let number = 0;
  for (let folder = 0; folder < 2500; folder += 1) {
    const path = join(tree, `group-${folder % 50}`, `folder-${folder}`);
    mkdirSync(path, { recursive: true });
    for (let index = 0; index < 80; index += 1, number += 1) {
      const ending = index < 4 ? 'md' : ['ts', 'json', 'txt', 'py'][index % 4];
      writeFileSync(
        join(path, `file-${number}.${ending}`),
        `// file ${number}\nconst value = ${number};\n${'text '.repeat(55)}\n`,
      );
    }
  }
}

function makeBig(): void {
  if (existsSync(big)) return;
  mkdirSync(join(home, 'big'));
  const descriptor = openSync(big, 'w');
  let number = 0;
  for (let size = 0; size < 1024 ** 3;) {
    let text = '';
    for (let index = 0; index < 50_000; index += 1, number += 1)
      text += `line ${number} of a file with ${'x'.repeat(number % 190)}\n`;
    size += writeSync(descriptor, text);
  }
  closeSync(descriptor);
}

function ripgrep(): string | undefined {
  if (spawnSync('rg', ['--version']).status === 0) return 'rg';
  const prefix = join(home, 'ripgrep');
  spawnSync('npm', ['install', '--ignore-scripts', '--prefix', prefix, '@vscode/ripgrep@1.18.0'], { stdio: 'ignore' });
  const packages = join(prefix, 'node_modules/@vscode');
  const binary = join(packages, `ripgrep-${process.platform}-${process.arch}`, 'bin/rg');
  return existsSync(binary) ? binary : undefined;
}

line('walk by name', 'find', program('find', [tree, '-name', '*.md']));
if (rg) {
  line('walk by name', 'ripgrep', program(rg, ['--files', '--no-ignore', '-g', '*.md', tree]));
  line('grep 200,000 files, absent', 'ripgrep', program(rg, ['--no-ignore', '--hidden', 'absent[0-9]+needle', tree]));
  line(
    'grep 200,000 files, any case',
    'ripgrep',
    program(rg, ['--no-ignore', '--hidden', '-i', 'absent[0-9]+needle', tree]),
  );
}
await ours();
await theirs();
