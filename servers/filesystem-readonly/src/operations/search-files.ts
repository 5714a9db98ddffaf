import { count, fitting, textAnswer, type Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';
import { fileUri, isOdd, shown, under } from '../confine/names.ts';
import { cursorOf, keyOf } from '../cursor.ts';
import { globMatcher } from '../pattern/glob.ts';
import { day } from '../text/size.ts';
import { leftOutNote, Visibility } from '../walk/visibility.ts';
import { Walk } from '../walk/walk.ts';

/** Arguments of `search_files`. */
export interface SearchFilesInput {
  readonly path: string;
  /** Glob for the path from `path` on, or for the name where it holds no slash. */
  readonly pattern: string;
  readonly exclude: readonly string[];
  readonly type: 'any' | 'file' | 'directory';
  readonly sort: 'path' | 'modified';
  readonly ignoreCase: boolean;
  readonly hidden: boolean;
  readonly gitignore: boolean;
  readonly cursor?: string | undefined;
}

const PAGE = 200;
/** By time, everything has to be seen before the first line can be shown; this many of the newest are kept. */
const MOST_SORTED = 20_000;

interface Match {
  readonly path: string;
  readonly directory: boolean;
  readonly modified: number;
}

/** One page of the entries whose paths match. */
export function searchFiles(door: Door, input: SearchFilesInput, call: Call): Answer {
  const { cursor, ...rest } = input;
  using place = door.locate(input.path);
  place.assertDirectory();
  const question = ['search', { ...rest, path: place.path }];
  const after = cursor === undefined ? undefined : keyOf(question, cursor);
  const matches = globMatcher(input.pattern, { ignoreCase: input.ignoreCase });
  const exclude = input.exclude.map((glob) => globMatcher(glob, { ignoreCase: input.ignoreCase }));
  const visibility = new Visibility(door, { hidden: input.hidden, gitignore: input.gitignore, exclude });
  const walk = new Walk(visibility, call);
  const byTime = input.sort === 'modified';
  let found: Match[] = [];
  let last: string | undefined;
  let enough = false;
  for (const { place: folder, entry, path } of walk.from(place, byTime ? undefined : (after?.[0] as string))) {
    last = path;
    call.progress(walk.met, undefined, () => `${count(walk.met, 'entry', 'entries')} searched, ${found.length} found`);
    if (input.type !== 'any' && entry.kind !== input.type) continue;
    if (!matches(path)) continue;
    if (!byTime && found.length === PAGE) {
      enough = true;
      break;
    }
    const modified = byTime ? (folder.statsOf(entry.name)?.mtimeMs ?? 0) : 0;
    found.push({ path, directory: entry.kind === 'directory', modified });
    if (found.length >= MOST_SORTED * 2) found = newest(found).slice(0, MOST_SORTED);
  }
  if (byTime) {
    const [time = Infinity, path = ''] = after ?? [];
    found = newest(found).filter((match) =>
      match.modified === time ? match.path > String(path) : match.modified < Number(time),
    );
    enough = found.length > PAGE;
  }
  const lines = fitting(found.slice(0, PAGE).map((match) => describe(match, place.path, byTime)));
  const page = found.slice(0, lines.length);
  enough ||= page.length < found.length;
  const stopped = !byTime && walk.late && page.length === found.length ? last : page.at(-1)?.path;
  const next =
    (enough || (walk.late && !byTime)) && stopped !== undefined
      ? cursorOf(question, byTime ? [page.at(-1)?.modified ?? 0, stopped] : [stopped])
      : undefined;
  const total =
    enough || walk.late
      ? `the first ${count(page.length, 'match', 'matches')}`
      : count(page.length, 'match', 'matches');
  return textAnswer([`${shown(place.path)}: ${total}${after ? ' of this page' : ''}`, ...lines].join('\n'), [
    ...(walk.late ? [`the time was up after ${count(walk.met, 'entry', 'entries')}`] : []),
    ...(next === undefined ? [] : [`there may be more; continue with cursor=${next}`]),
    ...(walk.deep > 0 ? [`${count(walk.deep, 'directory is', 'directories are')} too deep to enter`] : []),
    ...[leftOutNote(visibility.leftOut)].filter((note) => note !== undefined),
  ]);
}

function newest(matches: readonly Match[]): Match[] {
  return matches.toSorted((a, b) => b.modified - a.modified || (a.path < b.path ? -1 : 1));
}

function describe({ path, directory, modified }: Match, base: string, withTime: boolean): string {
  const name = shown(path) + (directory ? '/' : '');
  const uri = isOdd(path) ? `  ${fileUri(under(base, path))}` : '';
  return (withTime ? `${day(modified)}  ` : '') + name + uri;
}
