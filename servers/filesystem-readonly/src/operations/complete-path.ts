import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';
import { isOdd } from '../confine/names.ts';
import { Refusal } from '../confine/refusal.ts';
import { Visibility } from '../walk/visibility.ts';

/** What was typed of an absolute path, with or without its first slash. */
export interface CompletePathInput {
  readonly typed: string;
  readonly directoriesOnly: boolean;
}

const MOST = 100;

/** Paths that begin like what was typed; directories end with a slash. Roots while nothing leads into one yet. */
export function completePath(door: Door, { typed, directoriesOnly }: CompletePathInput, _call: Call): string[] {
  const lead = typed.startsWith('/') ? '' : '/';
  const wanted = lead + typed;
  const folder = wanted.slice(0, wanted.lastIndexOf('/') + 1);
  const begun = wanted.slice(folder.length);
  const roots = door.roots.map(({ spelled }) => `${spelled}/`).filter((root) => root.startsWith(wanted));
  const found = [...roots, ...inside(door, folder, begun, directoriesOnly)];
  return [...new Set(found)].slice(0, MOST).map((path) => path.slice(lead.length));
}

function inside(door: Door, folder: string, begun: string, directoriesOnly: boolean): string[] {
  try {
    using place = door.locate(folder);
    const visibility = new Visibility(door, { hidden: begun.startsWith('.'), gitignore: false });
    return visibility
      .entries(place, [], '')
      .filter(({ name, kind }) => name.startsWith(begun) && !isOdd(name) && (!directoriesOnly || kind === 'directory'))
      .map(({ name, kind }) => folder + name + (kind === 'directory' ? '/' : ''));
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
