// What inference costs over 50 and 500 tools, beside the targets, which are for 2 cores (Linux only).
// node --conditions=@mortise/source --disable-warning=ExperimentalWarning test/bench/infer.ts
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { OnceFigures, WatchFigures } from './infer-process.ts';
import { projectOf } from './infer-project.ts';

const ROUNDS = 3;
const program = fileURLToPath(new URL('infer-process.ts', import.meta.url));

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
    'warm: again in a process',
    'ms',
    all(({ warm }) => warm),
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

interface Measured extends OnceFigures, WatchFigures {
  /** In MB, of Node and the compiler together: in the cold process, and in the one that watches. */
  readonly memory: number;
  readonly watching: number;
}

async function measure(tools: number): Promise<Measured> {
  using project = projectOf(tools);
  const cold = await run<OnceFigures>('once', project.directory);
  if (cold.tools !== tools) throw new Error(`${cold.tools} tools, not ${tools}`);
  const { memory: watching, ...watch } = await run<WatchFigures>('watch', project.directory);
  return { ...cold, ...watch, watching };
}

/** The figures that the process prints, and the most MB that it and its compiler had resident at one time. */
async function run<Figures>(mode: 'once' | 'watch', directory: string): Promise<Figures & { memory: number }> {
  const options = ['--conditions=@mortise/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...options, program, mode, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('Node does not start');
  let memory = 0;
  const watch = setInterval(() => (memory = Math.max(memory, resident(pid))), 20);
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  clearInterval(watch);
  return { ...(JSON.parse(output) as Figures), memory };
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
