import { basename } from 'node:path';

import {
  NotFoundError,
  prompt,
  resource,
  tool,
  type Context,
  type Int,
  type ListedResource,
  type Max,
  type MaxItems,
  type MaxLength,
  type Min,
  type MinItems,
  type PromptMessage,
  type ToolResult,
} from '@mortise/toolkit';

import { fileUri, shown } from './confine/names.ts';
import { Refusal, type RefusalCode } from './confine/refusal.ts';
import type { Root } from './confine/roots.ts';
import type { FollowedFiles } from './followed.ts';
import type { Operations } from './operations/operations.ts';
import type { RunOptions, WorkerPool } from './worker/pool.ts';

/** What the operator has decided, as `list_roots` tells it. */
export interface Policies {
  readonly protectedFiles: string;
  readonly sandbox: string;
}

/** Hints of every tool here (specification, ToolAnnotations). */
const READ_ONLY = { readOnly: true, destructive: false, idempotent: true, openWorld: false } as const;
const HASH_TIME_MS = 60_000;

/** Reads what is in the roots, and nothing else; each call runs on a worker thread. */
export class Filesystem {
  readonly #pool: WorkerPool;
  readonly #followed: FollowedFiles;
  readonly #roots: readonly Root[];
  readonly #policies: Policies;

  constructor(pool: WorkerPool, followed: FollowedFiles, roots: readonly Root[], policies: Policies) {
    this.#pool = pool;
    this.#followed = followed;
    this.#roots = roots;
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
    return this.#run('readFile', input, context);
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
    return this.#run('readFiles', { paths, head }, context);
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
    return this.#run('listDirectory', { path, sort, hidden, cursor }, context);
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
    return this.#run('directoryTree', { path, depth, limit, hidden, gitignore }, context);
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
    return this.#run('searchFiles', input, context, { searching: true });
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
    return this.#run('grep', { ...given, ignoreCase: ignore_case }, context, { searching: true });
  }

  /**
   * Tell type, size, times, permissions, encoding and number of lines of a file or directory.
   * @param path - Absolute, relative to a root, or a file:/// URI
   * @param hash - sha256: of the contents, up to 1 GiB
   */
  @tool({ ...READ_ONLY, title: 'File info' })
  file_info(context: Context, path: string, hash: 'none' | 'sha256' = 'none'): Promise<ToolResult> {
    const slow = hash === 'sha256' ? { searching: true, time: HASH_TIME_MS } : {};
    return this.#run('fileInfo', { path, hash }, context, slow);
  }

  /** List the directories that may be read, and the rules in force. */
  @tool({ ...READ_ONLY, title: 'List roots' })
  list_roots(): string {
    const roots = this.#roots.map(({ spelled }) => `${shown(spelled)}  ${fileUri(spelled)}`);
    const { protectedFiles, sandbox } = this.#policies;
    const rules = [
      'access: read only; nothing outside these directories',
      'symbolic links: followed inside these directories only',
      `protected files: ${protectedFiles}`,
      `sandbox: ${sandbox}`,
    ];
    return [...roots, ...rules].join('\n');
  }

  /**
   * A file below a root: its text or, where it is none, its bytes; a directory: its listing.
   * @param path - Absolute, percent-encoded
   */
  @resource('file:///{+path}', {
    title: 'File',
    complete: {
      path(this: Filesystem, typed, context) {
        return this.complete(typed, context);
      },
    },
    list(this: Filesystem) {
      return this.listed();
    },
  })
  async file(path: string, context: Context): Promise<string> {
    const uri = fileUri(absolute(path));
    try {
      const read = await this.#pool.run('readResource', { path: absolute(path) }, { signal: context.signal });
      this.#followed.follow(uri, absolute(path), (changed) => context.notify.resourceUpdated(changed));
      return read as string; // the toolkit sends bytes as a blob, for which inference has no type
    } catch (error) {
      if (error instanceof Refusal && ABSENT.has(error.code)) {
        throw new NotFoundError(error.message, {
          code: error.code,
          ...(error.hint !== undefined && { hint: error.hint }),
        });
      }
      throw error;
    }
  }

  /**
   * Find the documents of one kind.
   * @param kind - Such as markdown, pdf or spreadsheet
   * @param folder - Where to look; the first root if left out
   */
  @prompt({
    title: 'Find documents',
    complete: {
      folder(this: Filesystem, typed, context) {
        return this.complete(typed, context, true);
      },
    },
  })
  find_documents(kind = 'markdown', folder = '.'): string {
    return (
      `What ${kind} files exist in ${folder}? Call search_files there with the file name endings of that kind, ` +
      'newest first, and list what you find with the folder each file is in. Say so if there are more pages.'
    );
  }

  /**
   * Say what a folder is about.
   * @param folder - The folder; the first root if left out
   */
  @prompt({
    title: 'Summarize folder',
    complete: {
      folder(this: Filesystem, typed, context) {
        return this.complete(typed, context, true);
      },
    },
  })
  summarize_folder(folder = '.'): string {
    return (
      `What is in the folder ${folder}? Call directory_tree on it, then read_files on the few files that say most ` +
      '(such as a README), and summarize in ten lines: what it is for, how it is laid out, what is recent.'
    );
  }

  /**
   * Explain one file, which is put into the conversation.
   * @param path - The file
   */
  @prompt({
    title: 'Explain file',
    complete: {
      path(this: Filesystem, typed, context) {
        return this.complete(typed, context);
      },
    },
  })
  async explain_file(path: string, context: Context): Promise<PromptMessage[]> {
    const read = await this.#pool.run('readResource', { path }, { signal: context.signal });
    if (typeof read !== 'string') throw new Refusal('BINARY', `${shown(path)} is not text.`);
    const uri = path.startsWith('file:') ? path : fileUri(path);
    return [
      { role: 'user', content: `Explain the file ${shown(path)}: what it is for, its parts, what is unusual in it.` },
      { role: 'user', content: { type: 'resource', resource: { uri, mimeType: 'text/plain', text: read } } },
    ];
  }

  /** Paths that begin like what was typed. */
  async complete(typed: string, context: Context, directoriesOnly = false): Promise<readonly string[]> {
    return this.#pool.run('completePath', { typed, directoriesOnly }, { signal: context.signal });
  }

  /** The roots, as clients list them. */
  listed(): ListedResource[] {
    return this.#roots.map(({ spelled }) => ({
      uri: fileUri(spelled),
      name: shown(basename(spelled) || spelled),
      mimeType: 'inode/directory',
    }));
  }

  #run<Name extends AnswerOperation>(
    operation: Name,
    input: Parameters<Operations[Name]>[1],
    context: Context,
    options: Pick<RunOptions, 'searching' | 'time'> = {},
  ): Promise<ToolResult> {
    const onProgress: RunOptions['onProgress'] = (done, total, message) => {
      context.progress(done, total, message).catch(() => {}); // a client that is gone is no reason to fail
    };
    return this.#pool.run(operation, input, { signal: context.signal, onProgress, ...options });
  }
}

/** The operations that answer with content. */
type AnswerOperation = Exclude<keyof Operations, 'completePath' | 'readResource' | 'stamps'>;

/** To whoever reads a resource, these are one and the same: there is none. */
const ABSENT: ReadonlySet<RefusalCode> = new Set([
  'NOT_FOUND',
  'OUTSIDE',
  'LINK_OUTSIDE',
  'PROTECTED',
  'NOT_DIRECTORY',
]);

/** The path of a `file:///` URI: a drive on Windows begins it. */
function absolute(path: string): string {
  return process.platform === 'win32' ? path : `/${path}`;
}
