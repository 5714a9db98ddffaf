import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { getTsconfig } from 'get-tsconfig';

import { UsageError } from '../command.ts';

/** How a server is started over stdio. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * How to start a server that is a folder (its `src/cli.ts`, else the first of its bins) or a file. TypeScript is run
 * as it stands, decorators too, under the conditions of the project's tsconfig.json.
 * @throws UsageError when there is nothing to start
 */
export function launchOf(place: string): Launch {
  const file = statSync(place).isDirectory() ? entryOf(place) : place;
  if (!/\.[cm]?ts$/u.test(file)) return { command: process.execPath, args: [file] };
  const conditions = getTsconfig(path.dirname(file))?.config.compilerOptions?.customConditions ?? [];
  const loader = import.meta.resolve('tsx');
  return {
    command: process.execPath,
    args: [...conditions.map((condition) => `--conditions=${condition}`), '--import', loader, file],
  };
}

function entryOf(folder: string): string {
  const source = path.join(folder, 'src/cli.ts');
  if (existsSync(source)) return source;
  const manifest = path.join(folder, 'package.json');
  if (existsSync(manifest)) {
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin?: string | Record<string, string> };
    const [file] = typeof bin === 'string' ? [bin] : Object.values(bin ?? {});
    if (file !== undefined) return path.join(folder, file);
  }
  throw new UsageError(`${folder} has neither src/cli.ts nor a bin in its package.json: name the file to run`);
}
