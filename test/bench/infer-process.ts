// A measured process of test/bench/infer.ts: infer-process.ts once|watch <folder of a project>; prints its figures as JSON.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { inferProject, watchProject, type InferResult } from '@mortise/infer';

/** In milliseconds. */
export interface OnceFigures {
  /** Of a whole process: from the start of Node to the surface on disk. */
  readonly cold: number;
  readonly tools: number;
}

/** In milliseconds. */
export interface WatchFigures {
  /** Of inference in a process that did it before, with a new compiler. */
  readonly warm: number;
  /** Of every run after one file was changed, with the compiler kept open. */
  readonly changed: readonly number[];
  /** From the same changes' being saved to the new surface's being on disk. */
  readonly saved: readonly number[];
}

const CHANGES = 15;
const [mode, directory = ''] = process.argv.slice(2);

const first = inferProject({ directory });
const cold = performance.now();
if (mode === 'once') {
  expectOutcome(first, 'written');
  const tools = first.classes.flatMap(({ surface }) => surface.tools ?? []).length;
  console.log(JSON.stringify({ cold, tools } satisfies OnceFigures));
} else {
  expectOutcome(inferProject({ directory }), 'current');
  const warm = performance.now() - cold;
  console.log(JSON.stringify({ warm, ...(await changes()) } satisfies WatchFigures));
}

async function changes(): Promise<Omit<WatchFigures, 'warm'>> {
  const changed: number[] = [];
  const saved: number[] = [];
  let reported = Promise.withResolvers<readonly [InferResult, number]>();
  using _watching = watchProject({ directory }, (...report) => reported.resolve(report));
  await reported.promise;
  for (let index = 0; index < CHANGES; index += 1) {
    reported = Promise.withResolvers();
    const begin = performance.now();
    appendFileSync(join(directory, `src/class-${index % 10}.ts`), `// ${index}\n`);
    const [result, milliseconds] = await reported.promise;
    saved.push(performance.now() - begin);
    expectOutcome(result, 'written');
    changed.push(milliseconds);
  }
  return { changed, saved };
}

function expectOutcome({ outcome, diagnostics }: InferResult, wanted: string): void {
  if (outcome !== wanted) throw new Error(`${outcome}, not ${wanted}: ${JSON.stringify(diagnostics[0])}`);
}
