import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DirectoryLock } from './directory-lock.ts';
import { EmbeddedSession } from './embedded-session.ts';
import { DatabaseProblem } from './errors.ts';
import type { Statement } from './session-settings.ts';

/** How the embedded engine starts. */
export interface EmbeddedEngineConfig {
  /** Where a persistent database lives; in memory when absent. */
  readonly directory?: string | undefined;
  /** What a new database starts as; empty when absent. */
  readonly template?: URL | undefined;
  readonly settings: Statement;
  /** Server settings by name, as `postgres -c name=value`. */
  readonly serverSettings?: Readonly<Record<string, string>> | undefined;
}

/** How long a persistent database may take to write down what it holds when it is closed, in milliseconds. */
const CLOSE_TIMEOUT = 1_000;

/** The embedded engine over all its sessions: started on first use, and again after a session was lost. */
export class EmbeddedEngine {
  readonly #config: EmbeddedEngineConfig;
  #session: Promise<EmbeddedSession> | undefined;
  #lock: DirectoryLock | undefined;

  constructor(config: EmbeddedEngineConfig) {
    this.#config = config;
  }

  /** The living session; a failed start is tried again at the next call. */
  async session(): Promise<EmbeddedSession> {
    const current = await (this.#session ??= this.#start());
    if (!current.ended) return current;
    this.#session = undefined;
    return this.session();
  }

  /** Ends the engine; a persistent database writes down what it holds first. */
  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    if (session && !session.ended && this.#lock) {
      // A query that still runs is ended with the thread, as by a crash; the write-ahead log covers both.
      await session.send({ type: 'close' }, CLOSE_TIMEOUT).catch(() => undefined);
    }
    await session?.terminate();
    await this.#lock?.release();
    this.#lock = undefined;
  }

  async #start(): Promise<EmbeddedSession> {
    try {
      const { directory, template, ...rest } = this.#config;
      if (template && !existsSync(template)) {
        throw new DatabaseProblem({
          code: 'DB_UNAVAILABLE',
          message: 'The template of the embedded database is missing.',
          hint: 'It is made by the build: run `pnpm build`; in an installed package, install the package again.',
          retryable: false,
        });
      }
      const path = template && fileURLToPath(template);
      if (directory === undefined) return await EmbeddedSession.start({ template: path, ...rest });
      const absolute = resolve(directory);
      this.#lock ??= await DirectoryLock.acquire(absolute);
      const marker = join(this.#lock.directory, 'creating');
      return await EmbeddedSession.start({ directory: absolute, marker, template: path, ...rest });
    } catch (error) {
      this.#session = undefined;
      throw FILE_ERRORS.has(String((error as { code?: unknown }).code)) ? unusable(error) : error;
    }
  }
}

/** What the file system says of a directory that cannot be used, here and in the thread. */
const FILE_ERRORS = new Set(['EACCES', 'EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS']);

function unusable(cause: unknown): DatabaseProblem {
  return new DatabaseProblem(
    {
      code: 'DB_UNAVAILABLE',
      message: 'The data directory cannot be created or written.',
      hint: 'The operator has to name another one with --data-dir, or to give this user the right to write there.',
      retryable: false,
    },
    { cause },
  );
}
