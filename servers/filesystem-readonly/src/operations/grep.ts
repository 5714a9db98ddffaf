import { count, textAnswer, TEXT_BUDGET, type Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Door } from '../confine/door.ts';
import { kindOf } from '../confine/kind.ts';
import { shown } from '../confine/names.ts';
import { cursorOf, keyOf } from '../cursor.ts';
import { globMatcher } from '../pattern/glob.ts';
import { leftOutNote, Visibility } from '../walk/visibility.ts';
import { Walk } from '../walk/walk.ts';
import { fileMatches, searcherFor, type FileMatches } from './grep-file.ts';

/** Arguments of `grep`. */
export interface GrepInput {
  readonly path: string;
  readonly pattern: string;
  /** The pattern is plain text. */
  readonly literal: boolean;
  /** Only files whose path from `path` on matches. */
  readonly glob?: string | undefined;
  readonly context: number;
  readonly mode: 'lines' | 'files' | 'count';
  readonly ignoreCase: boolean;
  /** A match may span lines, and `.` matches line ends. */
  readonly multiline: boolean;
  readonly hidden: boolean;
  readonly gitignore: boolean;
  readonly cursor?: string | undefined;
}

/** Matching lines, or files in the other modes, of one answer. */
const PAGE = 200;

/** What a search has found and passed over. */
interface Found {
  readonly lines: string[];
  matches: number;
  files: number;
  searched: number;
  binary: number;
  large: number;
  bytes: number;
}

/** Searches the contents of a file, or of the files below a directory. */
export function grep(door: Door, input: GrepInput, call: Call): Answer {
  const { cursor, ...rest } = input;
  using place = door.locate(input.path);
  const question = ['grep', { ...rest, path: place.path }];
  const after = cursor === undefined ? undefined : keyOf(question, cursor)[0];
  const searcher = searcherFor(input);
  const found: Found = { lines: [], matches: 0, files: 0, searched: 0, binary: 0, large: 0, bytes: 0 };
  if (kindOf(place.stats()) !== 'directory') {
    using file = place.openFile();
    const result = fileMatches(file, searcher, { ...input, afterLine: Number(after ?? 0) }, call);
    add(found, place.path, result, input.mode);
    const notes = result.stoppedAt === undefined ? [] : [moreNote(question, result.stoppedAt)];
    return textAnswer([headline(found, place.path, input.mode), ...found.lines].join('\n'), notesOn(found, notes));
  }
  const inGlob = input.glob === undefined ? undefined : globMatcher(input.glob, { ignoreCase: input.ignoreCase });
  const visibility = new Visibility(door, { hidden: input.hidden, gitignore: input.gitignore });
  const walk = new Walk(visibility, call);
  let last: string | undefined;
  let full = false;
  for (const { place: folder, entry, path } of walk.from(place, after as string | undefined)) {
    if (entry.kind === 'file' && (!inGlob || inGlob(path))) {
      using file = folder.file(entry.name);
      if (file) add(found, path, fileMatches(file, searcher, input, call), input.mode);
      else visibility.leftOut.unreadable += 1;
    }
    last = path;
    call.progress(found.searched, undefined, () => `${count(found.searched, 'file')} searched, ${found.matches} found`);
    full = (input.mode === 'lines' ? found.matches : found.files) >= PAGE || found.bytes >= TEXT_BUDGET;
    if (full) break;
  }
  const notes = [
    ...(walk.late ? [`the time was up after ${count(found.searched, 'file')}`] : []),
    ...((walk.late || full) && last !== undefined ? [moreNote(question, last)] : []),
    ...[leftOutNote(visibility.leftOut)].filter((note) => note !== undefined),
  ];
  return textAnswer([headline(found, place.path, input.mode), ...found.lines].join('\n'), notesOn(found, notes));
}

function moreNote(question: unknown, last: string | number): string {
  return `there may be more; continue with cursor=${cursorOf(question, [last])}`;
}

function add(found: Found, path: string, result: FileMatches, mode: GrepInput['mode']): void {
  if (result.skipped) {
    found[result.skipped] += 1;
    return;
  }
  found.searched += 1;
  if (result.matches === 0) return;
  found.files += 1;
  found.matches += result.matches;
  const name = shown(path);
  const more = result.stoppedAt === undefined ? [] : [`… more may follow in this file: grep it alone`];
  const lines =
    mode === 'files' ? [name] : mode === 'count' ? [`${name}: ${result.matches}`] : [name, ...result.lines, ...more];
  for (const line of lines) {
    found.lines.push(line);
    found.bytes += Buffer.byteLength(line) + 1;
  }
}

function headline({ matches, files }: Found, path: string, mode: GrepInput['mode']): string {
  const lines = mode === 'files' ? '' : `${count(matches, 'matching line')} in `;
  return `${shown(path)}: ${lines}${count(files, 'file')}`;
}

function notesOn({ searched, binary, large }: Found, notes: readonly string[]): string[] {
  const passed = [
    ...(binary > 0 ? [`${count(binary, 'binary file')} passed over`] : []),
    ...(large > 0 ? [`${count(large, 'file is', 'files are')} too large for a multiline search`] : []),
  ];
  return [[`${count(searched, 'file')} searched`, ...passed].join(', '), ...notes];
}
