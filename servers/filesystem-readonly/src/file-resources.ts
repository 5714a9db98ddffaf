import { basename } from 'node:path';

import { NotFoundError, resource, type Context, type ListedResource } from '@mortise/toolkit';

import type { Calls } from './calls.ts';
import { fileUri, shown } from './confine/names.ts';
import { Refusal, type RefusalCode } from './confine/refusal.ts';
import type { Root } from './confine/roots.ts';
import type { FollowedFiles } from './followed.ts';
import { SCOPES } from './hints.ts';

/** Files and directories as resources that a client reads and follows. */
export class FileResources {
  readonly calls: Calls;
  readonly #followed: FollowedFiles;
  readonly #roots: readonly Root[];

  constructor(calls: Calls, followed: FollowedFiles, roots: readonly Root[]) {
    this.calls = calls;
    this.#followed = followed;
    this.#roots = roots;
  }

  /**
   * A file below a root: its text or, where it is none, its bytes; a directory: its listing.
   * @param path - Absolute, percent-encoded
   */
  @resource('file:///{+path}', {
    title: 'File',
    scopes: SCOPES,
    complete: {
      path(this: FileResources, typed, context) {
        return this.calls.complete(typed, context);
      },
    },
    list(this: FileResources) {
      return this.listed();
    },
  })
  async file(path: string, context: Context): Promise<string> {
    const uri = fileUri(absolute(path));
    try {
      const read = await this.calls.run('readResource', { path: absolute(path) }, context);
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

  /** The operator's roots: this list must not differ from one connection to another (specification 2026-07-28). */
  listed(): ListedResource[] {
    return this.#roots.map(({ spelled }) => ({
      uri: fileUri(spelled),
      name: shown(basename(spelled) || spelled),
      mimeType: 'inode/directory',
    }));
  }
}

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
