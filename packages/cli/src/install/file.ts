import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';

import { CommandError } from '../command.ts';
import type { Entry } from './hosts.ts';

/** What putting an entry into a file changes. */
export interface Change {
  readonly file: string;
  /** The whole file before; empty where there was none. */
  readonly before: string;
  readonly after: string;
  /** The entry that had the name. */
  readonly old: Entry | undefined;
}

/**
 * What the file becomes with the entry in it; everything else stays as it is, comments too. Nothing is written.
 * @throws CommandError when the file is no JSON (with comments)
 */
export function changeOf(file: string, servers: string, name: string, entry: Entry): Change {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const errors: ParseError[] = [];
  const whole = parse(before, errors, { allowTrailingComma: true, allowEmptyContent: true }) as
    | Record<string, Record<string, Entry> | undefined>
    | undefined;
  if (
    errors.length > 0 ||
    (whole !== undefined && (typeof whole !== 'object' || whole === null || Array.isArray(whole)))
  ) {
    throw new CommandError(`${file} is not a JSON object: mend it first; nothing was changed`);
  }
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: before.includes('\r\n') ? '\r\n' : '\n' };
  const text = before.trim() === '' ? '{}\n' : before;
  const after = applyEdits(text, modify(text, [servers, name], entry, { formattingOptions }));
  return { file, before, after, old: whole?.[servers]?.[name] };
}

/** Writes a change, and beside it what was there before, for {@link undo}. */
export function write({ file, before, after }: Change): void {
  mkdirSync(path.dirname(file), { recursive: true });
  // Both may hold secrets.
  writeFileSync(backupOf(file, after), before, { mode: 0o600 });
  writeFileSync(file, after, { mode: 0o600 });
}

/**
 * Takes the last change of a file back.
 * @throws CommandError when the file is not as it was written: somebody changed it since
 */
export function undo(file: string): void {
  const now = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const backup = backupOf(file, now);
  if (!existsSync(backup)) {
    throw new CommandError(
      `${file} was changed since, or never by this command: it is left alone. What it was is in the files *.mortise-backup beside it, if there are any`,
    );
  }
  const before = readFileSync(backup, 'utf8');
  if (before === '') rmSync(file);
  else writeFileSync(file, before);
  rmSync(backup);
}

/** Named by what was written, so that a file that was changed since has none. */
function backupOf(file: string, written: string): string {
  return `${file}.${createHash('sha256').update(written).digest('hex').slice(0, 12)}.mortise-backup`;
}
