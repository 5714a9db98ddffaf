import { count, fitting, textAnswer, type Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';
import { shown } from '../confine/names.ts';
import type { Entry, Place } from '../confine/place.ts';
import { leftOutNote, Visibility, type IgnoreRules } from '../walk/visibility.ts';

/** Arguments of `directory_tree`. */
export interface DirectoryTreeInput {
  readonly path: string;
  readonly depth: number;
  /** Most entries to show. */
  readonly limit: number;
  readonly hidden: boolean;
  readonly gitignore: boolean;
}

interface Node {
  readonly name: string;
  readonly entry: Entry | undefined;
  children: Node[];
  /** Entries that are there and not shown. */
  more: number;
  /** Nothing is known of what is inside. */
  closed: boolean;
}

/** No directory gets less than this while anything is left, or a wide level would show one name each. */
const SMALLEST_SHARE = 3;

/**
 * The tree below a directory, indented. The entries to show are shared out level by level, the directories of a level
 * equally, so that one huge directory hides none of its neighbours.
 */
export function directoryTree(door: Door, input: DirectoryTreeInput, call: Call): Answer {
  using place = door.locate(input.path);
  place.assertDirectory();
  const visibility = new Visibility(door, { hidden: input.hidden, gitignore: input.gitignore });
  const root: Node = node('', undefined);
  let left = input.limit;
  let level: { node: Node; names: readonly string[] }[] = [{ node: root, names: [] }];
  let late = false;
  for (let depth = 0; depth < input.depth && level.length > 0; depth += 1) {
    const next: typeof level = [];
    for (const [index, { node: parent, names }] of level.entries()) {
      late ||= call.expired();
      if (left <= 0 || late) {
        parent.closed = true;
        continue;
      }
      const share = Math.min(left, Math.max(SMALLEST_SHARE, Math.floor(left / (level.length - index))));
      const entries = listed(place, names, visibility);
      parent.children = entries.slice(0, share).map((entry) => node(entry.name, entry));
      parent.more = entries.length - parent.children.length;
      left -= parent.children.length;
      for (const child of parent.children) {
        if (child.entry?.kind === 'directory') next.push({ node: child, names: [...names, child.name] });
      }
    }
    level = next;
  }
  for (const { node: parent } of level) parent.closed = true;
  const all = [shown(place.path), ...rendered(root, 1)];
  const lines = fitting(all);
  const notes = [
    leftOutNote(visibility.leftOut),
    lines.some((line) => line.includes('…'))
      ? '… was not opened: call directory_tree on it, or give a higher limit or depth'
      : undefined,
    lines.length < all.length
      ? `${count(all.length - lines.length, 'more line')}: give a lower limit or depth`
      : undefined,
    late ? 'the time was up' : undefined,
  ];
  return textAnswer(
    lines.join('\n'),
    notes.filter((note) => note !== undefined),
  );
}

function node(name: string, entry: Entry | undefined): Node {
  return { name, entry, children: [], more: 0, closed: false };
}

/** Goes down from the start again, so that a wide level needs no descriptor for each of its directories. */
function listed(start: Place, names: readonly string[], visibility: Visibility): Entry[] {
  let place = start;
  let rules: IgnoreRules = visibility.rulesAbove(start);
  try {
    for (const name of names) {
      rules = visibility.rulesOf(place, rules);
      const next = place.directory(name);
      if (!next) return [];
      if (place !== start) place[Symbol.dispose]();
      place = next;
    }
    rules = visibility.rulesOf(place, rules);
    return visibility.entries(place, rules, names.map((name) => `${name}/`).join(''));
  } finally {
    if (place !== start) place[Symbol.dispose]();
  }
}

function rendered({ children, more }: Node, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const lines = children.flatMap((child) => {
    const kind = child.entry?.kind;
    const mark = kind === 'directory' ? '/' : kind === 'file' ? '' : ` (${kind})`;
    return [`${indent}${shown(child.name)}${mark}${child.closed ? ' …' : ''}`, ...rendered(child, depth + 1)];
  });
  return more > 0 ? [...lines, `${indent}… ${count(more, 'more entry', 'more entries')}`] : lines;
}
