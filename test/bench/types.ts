// What the compiler needs to check 200 tools, their decorators included; the target is for 2 cores.
// node --conditions=@mortise/source --disable-warning=ExperimentalWarning test/bench/types.ts
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

import { projectOf } from './infer-project.ts';

const TOOLS = 200;
const ROUNDS = 5;
const TARGET = 1.5;

const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
// as its users see the toolkit: by the declarations that are published
const build = spawnSync(process.execPath, [
  compiler,
  '-b',
  fileURLToPath(new URL('../../packages/toolkit', import.meta.url)),
]);
if (build.status !== 0) throw new Error(String(build.stdout));

console.log(
  `Node ${process.versions.node}, ${availableParallelism()} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}, ${ROUNDS} rounds\n`,
);
for (const experimentalDecorators of [true, false]) {
  using project = projectOf(TOOLS, { experimentalDecorators, customConditions: [] });
  const rounds = Array.from({ length: ROUNDS }, () => check(project.directory));
  const middle = (pick: (round: Round) => number): number =>
    rounds.map(pick).toSorted((a, b) => a - b)[ROUNDS >> 1] ?? NaN;
  const total = middle((round) => round.total);
  console.log(
    `${TOOLS} tools, experimentalDecorators ${experimentalDecorators}: ${total.toFixed(2)} s in all, ` +
      `${middle(({ checking }) => checking).toFixed(2)} s of it checking; worst ${Math.max(...rounds.map((round) => round.total)).toFixed(2)} s; ` +
      `< ${TARGET} s: ${total < TARGET ? 'met' : 'MISSED'}`,
  );
}

/** In seconds. */
interface Round {
  readonly total: number;
  readonly checking: number;
}

/** The compiler's own figures for one check from nothing. */
function check(directory: string): Round {
  const { stdout, status } = spawnSync(process.execPath, [compiler, '-p', directory, '--extendedDiagnostics'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
  const seconds = (name: string): number => Number(new RegExp(`^${name}:\\s+([\\d.]+)s$`, 'm').exec(stdout)?.[1]);
  return { total: seconds('Total time'), checking: seconds('Check time') };
}
