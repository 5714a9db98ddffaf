import type { Stats } from 'node:fs';

import { count, fitting, textAnswer, type Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';
import { fileUri, isOdd, shown, under } from '../confine/names.ts';
import type { Entry, Place } from '../confine/place.ts';
import { cursorOf, keyOf } from '../cursor.ts';
import { day, size } from '../text/size.ts';
import { leftOutNote, Visibility } from '../walk/visibility.ts';

/** Arguments of `list_directory`. */
export interface ListDirectoryInput {
  readonly path: string;
  readonly sort: 'name' | 'size' | 'modified';
  readonly hidden: boolean;
  readonly cursor?: string | undefined;
}

const PAGE = 500;

interface Row {
  readonly entry: Entry;
  readonly stats?: Stats | undefined;
  /** What the order compares first: nothing, bytes or milliseconds. */
  readonly weight: number;
}

/** One page of a directory. */
export function listDirectory(door: Door, { path, sort, hidden, cursor }: ListDirectoryInput, call: Call): Answer {
  using place = door.locate(path);
  place.assertDirectory();
  const question = ['list', place.path, sort, hidden];
  const after = cursor === undefined ? undefined : keyOf(question, cursor);
  const visibility = new Visibility(door, { hidden, gitignore: false });
  const entries = visibility.entries(place, [], '');
  const rows: Row[] =
    sort === 'name' ? entries.map((entry) => ({ entry, weight: 0 })) : weighed(place, entries, sort, call);
  const left = after ? rows.filter((row) => isAfter(row, after)) : rows;
  const lines = fitting(
    left.slice(0, PAGE).map(({ entry, stats }) => describe(door, place, entry, stats ?? place.statsOf(entry.name))),
  );
  const page = left.slice(0, lines.length);
  const last = page.at(-1);
  const notes = [leftOutNote(visibility.leftOut)];
  if (left.length > page.length && last) {
    const next = cursorOf(question, [last.weight, last.entry.name]);
    notes.push(`${count(left.length - page.length, 'more entry', 'more entries')}; continue with cursor=${next}`);
  }
  const folders = entries.filter(({ kind }) => kind === 'directory').length;
  const header = `${shown(place.path)}: ${count(entries.length, 'entry', 'entries')}, ${count(folders, 'directory', 'directories')}`;
  return textAnswer(
    [header, ...lines].join('\n'),
    notes.filter((note) => note !== undefined),
  );
}

function weighed(place: Place, entries: readonly Entry[], sort: 'size' | 'modified', call: Call): Row[] {
  const rows = entries.map((entry) => {
    const stats = call.expired() ? undefined : place.statsOf(entry.name);
    return { entry, stats, weight: (sort === 'size' ? stats?.size : stats?.mtimeMs) ?? 0 };
  });
  return rows.toSorted((a, b) => b.weight - a.weight || (a.entry.name < b.entry.name ? -1 : 1));
}

function isAfter({ weight, entry }: Row, [lastWeight = 0, lastName = '']: readonly (string | number)[]): boolean {
  return weight === lastWeight ? entry.name > lastName : weight < Number(lastWeight);
}

function describe(door: Door, place: Place, { name, kind }: Entry, stats: Stats | undefined): string {
  const parts: string[] = [kind];
  if (kind === 'file' && stats) parts.push(size(stats.size));
  if (stats) parts.push(day(stats.mtimeMs));
  parts.push(shown(name));
  if (kind === 'symlink') {
    const target = door.linkTarget(place, name);
    parts.push(target === undefined ? '(leads nowhere inside the allowed directories)' : `-> ${shown(target)}`);
  }
  if (isOdd(name)) parts.push(fileUri(under(place.path, name)));
  return parts.join('  ');
}
