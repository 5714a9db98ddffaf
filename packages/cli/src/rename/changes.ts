import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { CommandError } from '../command.ts';

/** What renaming does to one file. */
export interface Change {
  /** Its path in the workspace, now and then. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** How many of its lines are others than before. */
  readonly lines: number;
}

/** The copyright notice of those who wrote it has to stay in every copy. */
const KEPT = new Set(['LICENSE']);

/**
 * What becomes of the text files that git keeps track of, without those that stay as they are. Nothing is written.
 * @throws CommandError when git does not keep them
 */
export function changesOf(workspace: string, renamed: (text: string) => string): Change[] {
  return git(workspace, 'ls-files', '-z')
    .split('\0')
    .filter((file) => file !== '' && !KEPT.has(file) && lstatSync(path.join(workspace, file)).isFile())
    .map((from) => {
      const before = readFileSync(path.join(workspace, from), 'utf8');
      const text = before.includes('\0') ? before : renamed(before);
      const [old, now] = [before, text].map((each) => each.split('\n')) as [string[], string[]];
      return { from, to: renamed(from), text, lines: now.filter((line, index) => line !== old[index]).length };
    })
    .filter(({ from, to, lines }) => from !== to || lines > 0);
}

/** Writes the changes. */
export function write(workspace: string, changes: readonly Change[]): void {
  for (const { from, to, text, lines } of changes) {
    if (lines > 0) writeFileSync(path.join(workspace, from), text);
    if (from === to) continue;
    mkdirSync(path.dirname(path.join(workspace, to)), { recursive: true });
    renameSync(path.join(workspace, from), path.join(workspace, to));
  }
}

/**
 * Whether everything in the workspace is committed, so that git can show what a command changed, and take it back.
 * @throws CommandError when git does not keep track of it
 */
export function isClean(workspace: string): boolean {
  return git(workspace, 'status', '--porcelain') === '';
}

function git(workspace: string, ...parameters: string[]): string {
  try {
    return execFileSync('git', parameters, { cwd: workspace, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch {
    throw new CommandError('git does not keep track of this folder: clone or fork the repository, and run it there');
  }
}
