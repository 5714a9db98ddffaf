import { RE2JS, RE2JSException } from 're2js';

import { quoted } from '../confine/names.ts';
import { Refusal } from '../confine/refusal.ts';

/** The longest pattern that is taken, in UTF-16 code units. */
const LONGEST = 1000;

/** How a pattern is read. */
export interface PatternOptions {
  readonly ignoreCase?: boolean;
  /** `^` and `$` match at every line. */
  readonly lines?: boolean;
  /** `.` matches line ends. */
  readonly dotAll?: boolean;
}

/**
 * A regular expression in RE2's syntax, which has no back-references and no look-around: matching takes time linear in
 * the text whatever the pattern is, so a model may send any.
 * @throws Refusal PATTERN
 */
export function linearPattern(source: string, options: PatternOptions = {}): RE2JS {
  assertLength(source);
  const flags =
    (options.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (options.lines ? RE2JS.MULTILINE : 0) |
    (options.dotAll ? RE2JS.DOTALL : 0);
  return compile(source, source, flags);
}

/** Compiles what was made out of a pattern that the caller wrote. */
export function compile(source: string, written: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(source, flags);
  } catch (error) {
    const why = error instanceof RE2JSException ? error.message.replace(/^error parsing regexp: /, '') : 'too complex';
    throw new Refusal(
      'PATTERN',
      `The pattern ${quoted(written)} cannot be used: ${quoted(why.slice(0, 160))}.`,
      'Patterns have RE2 syntax, without back-references and look-around.',
    );
  }
}

/** @throws Refusal PATTERN */
export function assertLength(source: string): void {
  if (source.length <= LONGEST && source !== '') return;
  const what = source === '' ? 'is empty' : `is longer than ${LONGEST} characters`;
  throw new Refusal('PATTERN', `The pattern ${what}.`, 'Write a shorter one.');
}
