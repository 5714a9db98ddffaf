import { tool, type Context, type Int, type Max, type MaxItems, type Min, type ToolResult } from '@mortise/toolkit';

import type { Calls } from './calls.ts';
import { READ_ONLY } from './hints.ts';

/** Finds files by their names and by what is in them. */
export class Searching {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /**
   * Find files and directories by name, at any depth, 200 on a page.
   * @param pattern - Glob such as *.md (any depth), src/**, {a,b}.ts; with a slash it is matched from path on
   * @param path - Where to search; the first root if left out
   * @param exclude - Globs to leave out, with all below them
   * @param type - What to find
   * @param sort - modified: newest first, with times
   * @param ignore_case - A and a are the same
   * @param hidden - Search names that begin with a dot too
   * @param gitignore - Leave out what .gitignore files name
   * @param cursor - From the answer before, for the next page
   */
  @tool({ ...READ_ONLY, title: 'Search files' })
  search_files(
    context: Context,
    pattern: string,
    path = '.',
    exclude: string[] & MaxItems<20> = [],
    type: 'any' | 'file' | 'directory' = 'any',
    sort: 'path' | 'modified' = 'path',
    ignore_case = false,
    hidden = true,
    gitignore = false,
    cursor?: string,
  ): Promise<ToolResult> {
    const input = { path, pattern, exclude, type, sort, ignoreCase: ignore_case, hidden, gitignore, cursor };
    return this.#calls.run('searchFiles', input, context, { searching: true });
  }

  /**
   * Search the contents of files, line by line, 200 matching lines on a page. Binary files are passed over.
   * @param pattern - Regular expression in RE2 syntax (no look-around, no back-references)
   * @param path - A file or directory; the first root if left out
   * @param literal - The pattern is plain text
   * @param glob - Only files that match, such as *.ts
   * @param context_lines - Lines to show around each match
   * @param mode - lines: the matching lines; files: only names; count: matching lines of each file
   * @param ignore_case - A and a are the same
   * @param multiline - A match may span lines
   * @param hidden - Search names that begin with a dot too
   * @param gitignore - Leave out what .gitignore files name
   * @param cursor - From the answer before, for the next page
   */
  @tool({ ...READ_ONLY, title: 'Search contents' })
  grep(
    context: Context,
    pattern: string,
    path = '.',
    literal = false,
    glob?: string,
    context_lines: Int & Min<0> & Max<10> = 0,
    mode: 'lines' | 'files' | 'count' = 'lines',
    ignore_case = false,
    multiline = false,
    hidden = true,
    gitignore = false,
    cursor?: string,
  ): Promise<ToolResult> {
    const given = { path, pattern, literal, glob, context: context_lines, mode, multiline, hidden, gitignore, cursor };
    return this.#calls.run('grep', { ...given, ignoreCase: ignore_case }, context, { searching: true });
  }
}
