// What searching and reading cost, on 200,000 files and a text file of 1 GiB, in CPU seconds of the server's process:
// ours, the official server's, find's, and ripgrep's where `rg` or the package @vscode/ripgrep can be had. It writes the
// figures into the server's README and fails where a target is missed.
// node --conditions=@mortise/source test/bench/filesystem.ts [folder to keep the files in]
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { mortise } from '../filesystem/adapters/mortise.ts';
import { official } from '../filesystem/adapters/official.ts';
import { Session } from '../filesystem/session.ts';
import { makeBig, makeTree, OFFICIAL, officialEntry, ripgrep } from './filesystem-files.ts';

const home = process.argv[2] ?? join(tmpdir(), 'filesystem-bench');
const tree = join(home, 'tree');
const big = join(home, 'big/lines.txt');
const TICKS = 100; // per second: USER_HZ on every Linux
const ROUNDS = 3;
/** What a user of grep writes: a plain word, a pattern with a plain part, one of classes alone, two words in any case. */
const PATTERNS = [
  ['absentneedle', false],
  ['absent[0-9]+needle', false],
  [String.raw`\d{4}-\d{2}-\d{2}`, false],
  ['todo|fixme', true],
] as const;

/** CPU seconds: the least of the rounds, because what else the machine does can only add. */
interface Row {
  readonly task: string;
  readonly ours: number;
  readonly official?: number;
  readonly ripgrep?: number | undefined;
  readonly find?: number;
}

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

/** One call, and where the answer gives a cursor those after it. */
async function searched(session: Session, name: string, values: object): Promise<{ seconds: number; pages: number }> {
  const before = cpu(session.pid);
  let pages = 0;
  for (let cursor: string | undefined; pages === 0 || cursor !== undefined; pages += 1) {
    const asked = { name, arguments: { ...values, ...(cursor !== undefined && { cursor }) } };
    const { content } = await session.client.callTool(asked, { timeout: 300_000 });
    cursor = /cursor=([\w-]+)/.exec(JSON.stringify(content))?.[1];
  }
  return { seconds: cpu(session.pid) - before, pages };
}

/** The most resident bytes more than before while these reads were made, and the CPU of the dearest. */
async function ranges(session: Session): Promise<{ memory: number; seconds: number }> {
  const before = session.memory();
  let memory = 0;
  let seconds = 0;
  const watch = setInterval(() => (memory = Math.max(memory, session.memory() - before)), 5);
  const middle = [1, 10_000, 1_000_000, 4_000_000, 8_000_000, 8_690_000].map((offset) => ({ offset, limit: 2000 }));
  for (const range of [...middle, { tail: 10 }, { tail: 2000 }, { head: 2000 }, {}]) {
    const begun = cpu(session.pid);
    await session.client.callTool({ name: 'read_file', arguments: { path: big, ...range } });
    seconds = Math.max(seconds, cpu(session.pid) - begun);
  }
  clearInterval(watch);
  return { memory: Math.max(memory, session.memory() - before), seconds };
}

/** Milliseconds that reads of one line take while a grep runs: the median and the slowest of 40. */
async function beside(session: Session): Promise<readonly [number, number]> {
  const searching = searched(session, 'grep', { path: tree, pattern: 'absent[0-9]+needle' });
  const waits: number[] = [];
  for (let index = 0; index < 40; index += 1) {
    const begun = performance.now();
    await session.client.callTool({ name: 'read_file', arguments: { path: big, limit: 1 } });
    waits.push(performance.now() - begun);
  }
  await searching;
  const sorted = waits.toSorted((a, b) => a - b);
  return [sorted[20] ?? 0, sorted[39] ?? 0];
}

async function least(run: () => number | Promise<number>): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) best = Math.min(best, await run());
  return best;
}

makeTree(tree);
makeBig(big);
const rg = ripgrep(home);
const ripgreps = (args: readonly string[]): Promise<number> | undefined =>
  rg === undefined ? undefined : least(() => program(rg, ['--no-ignore', '--hidden', ...args, tree]));

await using session = await Session.open(mortise(), [home], '2026');
const rows: Row[] = [];
const byName = async (values: object): Promise<number> =>
  least(async () => (await searched(session, 'search_files', { path: tree, ...values })).seconds);
const find = await least(() => program('find', [tree, '-name', '*.md']));
const files = await ripgreps(['--files', '-g', '*.md']);
await using other = await Session.open(official('official', officialEntry(home)), [home], '2025');
const theirs = (await searched(other, 'search_files', { path: tree, pattern: '**/*.md' })).seconds; // once: it is slow
const walk = {
  task: 'walk all names',
  ours: await byName({ pattern: '*.nothing' }),
  official: theirs,
  ripgrep: files,
  find,
};
rows.push(walk, { ...walk, task: 'give all 10,000 `*.md`, 200 a page', ours: await byName({ pattern: '*.md' }) });
for (const [pattern, ignoreCase] of PATTERNS) {
  const values = { path: tree, pattern, ignore_case: ignoreCase };
  rows.push({
    task: `grep \`${pattern.replaceAll('|', String.raw`\|`)}\`${ignoreCase ? ', any case' : ''}`,
    ours: await least(async () => (await searched(session, 'grep', values)).seconds),
    ripgrep: await ripgreps([...(ignoreCase ? ['-i'] : []), pattern]),
  });
}
await using reader = await Session.open(mortise(), [home], '2026');
await reader.client.callTool({ name: 'read_file', arguments: { path: big, limit: 1 } });
const range = await ranges(reader);
rows.push({ task: '2,000 lines anywhere in the large file, the dearest', ours: range.seconds });
const [median, slowest] = await beside(session);

const greps = rows.filter(({ task, ripgrep: their }) => task.startsWith('grep') && their !== undefined);
const worst = Math.max(...greps.map(({ ours, ripgrep: their = Infinity }) => ours / their));
const targets: readonly (readonly [what: string, got: string, met: boolean])[] = [
  ['walk of all names: at most 1 s CPU', `${walk.ours.toFixed(2)} s`, walk.ours <= 1],
  [
    `at least 20 times less CPU than the official server`,
    `${(theirs / walk.ours).toFixed(0)} times`,
    theirs >= 20 * walk.ours,
  ],
  ["grep: at most 3 times ripgrep's CPU", rg ? `${worst.toFixed(1)} times at worst` : 'no ripgrep here', worst <= 3],
  [
    'any range of the large file: at most 64 MiB more memory',
    `${Math.ceil(range.memory / 1024 ** 2)} MiB`,
    range.memory <= 64 * 1024 ** 2,
  ],
];
const cells = (...values: readonly string[]): string => `| ${values.join(' | ')} |`;
const number = (value: number | undefined): string => value?.toFixed(2) ?? '';
const report = `CPU seconds on 200,000 files in 2,500 folders and a text file of 1 GiB, warm cache; the least of ${ROUNDS} runs, the
official server's of one. Made on ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node}, ${availableParallelism()} cores.

${[
  cells('task', 'filesystem-readonly', `official ${OFFICIAL}`, 'ripgrep 15', 'find'),
  cells('---', '---', '---', '---', '---'),
  ...rows.map((row) => cells(row.task, ...[row.ours, row.official, row.ripgrep, row.find].map(number))),
].join('\n')}

One line of a file, while a grep runs: ${median.toFixed(1)} ms median, ${slowest.toFixed(0)} ms the slowest of 40.

${[
  cells('target', 'measured', ''),
  cells('---', '---', '---'),
  ...targets.map(([what, got, met]) => cells(what, got, met ? 'met' : '**missed**')),
].join('\n')}`;
console.log(report);
const readme = new URL('../../servers/filesystem-readonly/README.md', import.meta.url);
const text = readFileSync(readme, 'utf8');
writeFileSync(
  readme,
  text.replace(/(<!-- figures -->\n)[^]*(<!-- end -->)/, (_, a: string, b: string) => `${a}\n${report}\n\n${b}`),
);
execFileSync('pnpm', ['exec', 'oxfmt', fileURLToPath(readme)], { stdio: 'ignore' });
if (targets.some(([, , met]) => !met)) process.exitCode = 1;
