import { TEXT_BUDGET, type Answer, type Content } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';
import { quoted } from '../confine/names.ts';
import { Refusal } from '../confine/refusal.ts';
import { readFile } from './read-file.ts';

/** Arguments of `read_files`. */
export interface ReadFilesInput {
  readonly paths: readonly string[];
  /** Most lines of each file. */
  readonly head?: number | undefined;
}

/** Reads several files in the order given; one that cannot be read does not fail the others. */
export function readFiles(door: Door, { paths, head }: ReadFilesInput, call: Call): Answer {
  let left = TEXT_BUDGET;
  const content = paths.flatMap((path, index): Content[] => {
    const share = Math.floor(left / (paths.length - index));
    const blocks = readOne(door, path, head, share, call);
    left -= blocks.reduce((sum, block) => sum + (block.type === 'text' ? Buffer.byteLength(block.text) : 0), 0);
    return [{ type: 'text', text: `== ${quoted(path)} ==` }, ...blocks];
  });
  return { content };
}

function readOne(door: Door, path: string, head: number | undefined, budget: number, call: Call): readonly Content[] {
  try {
    const { content } = readFile(door, { path, head, lineNumbers: false }, call, budget);
    if (content.every(({ type }) => type === 'text' || type === 'resource_link')) return content;
    return [{ type: 'text', text: '[an image or sound: call read_file on it alone]' }];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [{ type: 'text', text: `[${[`${error.code}: ${error.message}`, error.hint].join(' ').trim()}]` }];
  }
}
