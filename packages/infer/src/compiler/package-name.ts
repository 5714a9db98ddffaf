import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The name in the package.json of a folder; empty where there is none. */
export function packageName(directory: string): string {
  try {
    const { name } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) as { name?: unknown };
    return typeof name === 'string' ? name : '';
  } catch {
    return '';
  }
}
