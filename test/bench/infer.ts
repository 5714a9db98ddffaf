// What `mortise infer` costs over 50 and 500 tools, beside the targets, which are for 2 cores (Linux only).
// node --conditions=@mortise/source --disable-warning=ExperimentalWarning test/bench/infer.ts
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { projectOf } from './infer-project.ts';

const ROUNDS = 3;
const CHANGES = 15;
const program = fileURLToPath(new URL('../../packages/cli/src/cli.ts', import.meta.url));

console.log(
  `Node ${process.versions.node}, ${availableParallelism()} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}, ${ROUNDS} rounds\n`,
);
line('tools', 'measured', 'median', 'worst', 'target');
for (const tools of [50, 500]) {
  const rounds: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(tools));
  const show = (name: string, unit: string, figures: readonly number[], target?: number): void => {
    const middle = figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? NaN;
    const verdict = target === undefined ? '' : `< ${target} ${unit}: ${middle < target ? 'met' : 'MISSED'}`;
    const [median, worst] = [middle, Math.max(...figures)].map((figure) => `${figure.toFixed(0)} ${unit}`);
    line(String(tools), name, median ?? '', worst ?? '', verdict);
  };
  const all = (pick: (round: Measured) => number | readonly number[]): number[] => rounds.flatMap(pick);
  const isSmall = tools === 50;
  show(
    'cold: a process from its start',
    'ms',
    all(({ cold }) => cold),
    isSmall ? 1500 : 5000,
  );
  show(
    'one file changed: the run',
    'ms',
    all(({ changed }) => changed),
    isSmall ? 50 : undefined,
  );
  show(
    'one file changed: from the save',
    'ms',
    all(({ saved }) => saved),
    200,
  );
  show(
    'memory of a cold run',
    'MB',
    all(({ memory }) => memory),
    300,
  );
  show(
    'memory while watching',
    'MB',
    all(({ watching }) => watching),
    300,
  );
}

interface Measured {
  /** In milliseconds: from the start of a process to its end, with the surface on disk. */
  readonly cold: number;
  /** In milliseconds, of every run after one file was changed, with the compiler kept open. */
  readonly changed: readonly number[];
  /** In milliseconds, from the same changes' being saved to the new surface's being on disk. */
  readonly saved: readonly number[];
  /** In MB, of Node and the compiler together: in the cold process, and in the one that watches. */
  readonly memory: number;
  readonly watching: number;
}

async function measure(tools: number): Promise<Measured> {
  using project = projectOf(tools);
  const start = performance.now();
  const first = mortise(['infer', project.directory]);
  await first.ended;
  const cold = performance.now() - start;
  const { reports, ...watch } = mortise(['infer', project.directory, '--watch']);
  const report = async (): Promise<string> => {
    const { value } = await reports.next();
    if (!value?.includes(`${tools} tools`)) throw new Error(value ?? 'the watching process ended');
    return value;
  };
  await report();
  const changed: number[] = [];
  const saved: number[] = [];
  for (let index = 0; index < CHANGES; index += 1) {
    const begin = performance.now();
    appendFileSync(join(project.directory, `src/class-${index % 10}.ts`), `// ${index}\n`);
    changed.push(Number(/in (\d+) ms$/.exec(await report())?.[1]));
    saved.push(performance.now() - begin);
  }
  watch.end();
  await watch.ended;
  return { cold, changed, saved, memory: first.memory(), watching: watch.memory() };
}

/** The command as a user runs it, the lines it says, and the most MB that it and its compiler had resident at once. */
function mortise(parameters: readonly string[]) {
  const options = ['--conditions=@mortise/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...options, program, ...parameters], { stdio: ['ignore', 'ignore', 'pipe'] });
  let memory = 0;
  const watch = setInterval(() => (memory = Math.max(memory, child.pid ? resident(child.pid) : 0)), 20);
  const ended = once(child, 'exit').then(([code]) => {
    clearInterval(watch);
    if (code !== 0) throw new Error(`mortise ${parameters.join(' ')} ended with ${String(code)}`);
  });
  return {
    ended,
    reports: createInterface(child.stderr)[Symbol.asyncIterator](),
    end: () => child.kill('SIGINT'),
    memory: () => memory,
  };
}

/** In MB, of a process and those that it started; one that is gone has none. */
function resident(pid: number): number {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return children.reduce((sum, child) => sum + resident(child), (kilobytes * 1024) / 1e6);
  } catch {
    return 0;
  }
}

function line(tools: string, what: string, median: string, worst: string, target: string): void {
  console.log(`${tools.padStart(5)}  ${what.padEnd(34)} ${median.padStart(9)} ${worst.padStart(9)}  ${target}`);
}
