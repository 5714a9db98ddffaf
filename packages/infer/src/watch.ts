import { existsSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';

import type { FileChanges } from './compiler/session.ts';
import { Inference, type InferOptions, type InferResult } from './infer.ts';

/** How long a burst of changes may be quiet before it is over: an editor that saves writes more than once. */
const quietMilliseconds = 20;

/**
 * Infers the surface of a project now and whenever one of its files, or a file that contributed to it, changes.
 * @param report - Is handed what came of each run, and how many milliseconds it took
 */
export function watchProject(
  options: Omit<InferOptions, 'check'>,
  report: (result: InferResult, milliseconds: number) => void,
): Disposable {
  const directory = path.resolve(options.directory);
  const watchers = new Map<string, FSWatcher>();
  const pending = new Map<string, 'change' | 'rename'>();
  let inference = new Inference(options);
  let timer: NodeJS.Timeout | undefined;

  const run = (changes?: FileChanges): void => {
    const start = performance.now();
    const result = inference.run(changes);
    report(result, performance.now() - start);
    for (const source of inference.sources) observe(path.dirname(source), false);
  };
  const flush = (): void => {
    const files = [...pending];
    pending.clear();
    if (files.some(([file]) => !file.endsWith('ts'))) {
      inference[Symbol.dispose]();
      inference = new Inference(options);
      run();
    } else run(changesOf(files));
  };
  const observe = (folder: string, recursive: boolean): void => {
    const isInside = !path.relative(directory, folder).startsWith('..');
    if (watchers.has(folder) || (isInside && !recursive)) return;
    const watcher = watch(folder, { recursive }, (event, name) => {
      if (name === null || !isWatched(name)) return;
      const file = path.join(folder, name);
      if (pending.get(file) !== 'rename') pending.set(file, event);
      clearTimeout(timer);
      timer = setTimeout(flush, quietMilliseconds);
    });
    watchers.set(folder, watcher);
  };

  observe(directory, true);
  run();
  return {
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      inference[Symbol.dispose]();
    },
  };
}

function isWatched(name: string): boolean {
  if (/(?:^|[/\\])(?:node_modules|dist|\.git)[/\\]/.test(name)) return false;
  return (
    (/\.[cm]?ts$/.test(name) && !name.endsWith('.gen.ts')) || /(?:^|[/\\])(?:tsconfig[\w.]*|package)\.json$/.test(name)
  );
}

/** Many editors save by putting another file in the place: that is a deletion and a creation. */
function changesOf(files: readonly (readonly [file: string, event: 'change' | 'rename'])[]): FileChanges {
  const [there, gone] = [files.filter(([file]) => existsSync(file)), files.filter(([file]) => !existsSync(file))];
  return {
    changed: there.map(([file]) => file),
    created: there.filter(([, event]) => event === 'rename').map(([file]) => file),
    deleted: gone.map(([file]) => file),
  };
}
