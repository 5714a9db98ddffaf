import {
  tool,
  type Context,
  type Int,
  type Max,
  type MaxItems,
  type MaxLength,
  type Min,
  type MinItems,
  type ToolResult,
} from '@mortise/toolkit';

import type { Calls } from './calls.ts';
import { fileUri, shown } from './confine/names.ts';
import { READ_ONLY } from './hints.ts';

/** What the operator has decided, as `list_roots` tells it. */
export interface Policies {
  readonly protectedFiles: string;
  readonly sandbox: string;
}

const HASH_TIME_MS = 60_000;

/** Reads files and directories that the caller can name. */
export class Reading {
  readonly #calls: Calls;
  readonly #policies: Policies;

  constructor(calls: Calls, policies: Policies) {
    this.#calls = calls;
    this.#policies = policies;
  }

  /**
   * Read a text file, or look at an image or sound. Up to 2000 lines and 100 kB at a time; a note in square brackets
   * says how to go on. The text is exact, without line numbers unless asked for.
   * @param path - Absolute, relative to a root, or a file:/// URI
   * @param offset - First line, from 1
   * @param limit - Most lines
   * @param head - Only this many lines from the beginning
   * @param tail - Only this many lines from the end
   * @param line_numbers - Put the number and a tab before each line
   * @param encoding - Such as windows-1251, where the guess is wrong
   */
  @tool({ ...READ_ONLY, title: 'Read file' })
  read_file(
    context: Context,
    path: string,
    offset?: Int & Min<1>,
    limit?: Int & Min<1> & Max<2000>,
    head?: Int & Min<1> & Max<2000>,
    tail?: Int & Min<1> & Max<2000>,
    line_numbers = false,
    encoding?: string & MaxLength<40>,
  ): Promise<ToolResult> {
    const input = { path, offset, limit, head, tail, lineNumbers: line_numbers, encoding };
    return this.#calls.run('readFile', input, context);
  }

  /**
   * Read several text files at once. They share 100 kB; one that cannot be read does not fail the others.
   * @param paths - The files, in the order of the answer
   * @param head - Only this many lines of each
   */
  @tool({ ...READ_ONLY, title: 'Read files' })
  read_files(
    context: Context,
    paths: string[] & MinItems<1> & MaxItems<20>,
    head?: Int & Min<1> & Max<2000>,
  ): Promise<ToolResult> {
    return this.#calls.run('readFiles', { paths, head }, context);
  }

  /**
   * List a directory: type, size, time (UTC) and name of each entry, 500 on a page.
   * @param path - The directory; the first root if left out
   * @param sort - size: largest first; modified: newest first
   * @param hidden - Show names that begin with a dot
   * @param cursor - From the answer before, for the next page
   */
  @tool({ ...READ_ONLY, title: 'List directory' })
  list_directory(
    context: Context,
    path = '.',
    sort: 'name' | 'size' | 'modified' = 'name',
    hidden = true,
    cursor?: string,
  ): Promise<ToolResult> {
    return this.#calls.run('listDirectory', { path, sort, hidden, cursor }, context);
  }

  /**
   * Show the tree below a directory, indented. Every directory gets its share of the entries.
   * @param path - The directory; the first root if left out
   * @param depth - How many levels down
   * @param limit - Most entries
   * @param hidden - Show names that begin with a dot
   * @param gitignore - Leave out what .gitignore files name
   */
  @tool({ ...READ_ONLY, title: 'Directory tree' })
  directory_tree(
    context: Context,
    path = '.',
    depth: Int & Min<1> & Max<20> = 4,
    limit: Int & Min<1> & Max<5000> = 1000,
    hidden = false,
    gitignore = true,
  ): Promise<ToolResult> {
    return this.#calls.run('directoryTree', { path, depth, limit, hidden, gitignore }, context);
  }

  /**
   * Tell type, size, times, permissions, encoding and number of lines of a file or directory.
   * @param path - Absolute, relative to a root, or a file:/// URI
   * @param hash - sha256: of the contents, up to 1 GiB
   */
  @tool({ ...READ_ONLY, title: 'File info' })
  file_info(context: Context, path: string, hash: 'none' | 'sha256' = 'none'): Promise<ToolResult> {
    const slow = hash === 'sha256' ? { searching: true, time: HASH_TIME_MS } : {};
    return this.#calls.run('fileInfo', { path, hash }, context, slow);
  }

  /** List the directories that may be read, and the rules in force. */
  @tool({ ...READ_ONLY, title: 'List roots' })
  async list_roots(context: Context): Promise<string> {
    const roots = await this.#calls.run('listRoots', {}, context);
    const { protectedFiles, sandbox } = this.#policies;
    return [
      ...roots.map((root) => `${shown(root)}  ${fileUri(root)}`),
      ...(roots.length === 0 ? ["(none: no root of the client lies in this server's folders)"] : []),
      'access: read only; nothing outside these directories',
      ...(this.#calls.narrows(context) ? ["narrowed: to what lies in the client's own roots too"] : []),
      'symbolic links: followed inside these directories only',
      `protected files: ${protectedFiles}`,
      `sandbox: ${sandbox}`,
    ].join('\n');
  }
}
