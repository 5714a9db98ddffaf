import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the workspace. */
export const root = join(import.meta.dirname, '../..');

/** A fenced block of a Markdown file. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown file of the workspace, in their order. */
export function blocksOf(path: string): readonly Block[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', body = '']) => ({
    language,
    text: body.trim(),
  }));
}
