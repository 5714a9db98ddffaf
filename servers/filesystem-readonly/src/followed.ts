import type { WorkerPool } from './worker/pool.ts';

/** Where a followed file is looked for, and what it was when it was last looked at. */
interface Followed {
  readonly path: string;
  stamp: string | undefined;
}

const MOST = 100;
const EVERY_MS = 1000;

/**
 * Notices changes of the files that were read as resources, the newest hundred. It asks for their stamps once a second
 * instead of having the kernel tell: that goes through the same door as every read, works on network file systems, and
 * outlives the replacement of a file that editors do.
 */
export class FollowedFiles implements Disposable {
  readonly #pool: WorkerPool;
  readonly #files = new Map<string, Followed>();
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #tell: (uri: string) => void = () => undefined;

  constructor(pool: WorkerPool) {
    this.#pool = pool;
  }

  /** Follows a file from now on; `tell` is called with its URI when it is another. */
  follow(uri: string, path: string, tell: (uri: string) => void): void {
    this.#tell = tell;
    const known = this.#files.get(uri);
    this.#files.delete(uri); // to the end: the newest
    this.#files.set(uri, known ?? { path, stamp: undefined });
    const [oldest] = this.#files.keys();
    if (this.#files.size > MOST && oldest !== undefined) this.#files.delete(oldest);
    if (!known) void this.#look();
    this.#timer ??= setInterval(() => void this.#look(), EVERY_MS).unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#stop.abort();
  }

  async #look(): Promise<void> {
    const files = [...this.#files];
    const paths = files.map(([, { path }]) => path);
    const now = await this.#pool.run('stamps', { paths }, { signal: this.#stop.signal }).catch(() => undefined);
    for (const [index, [uri, file]] of files.entries()) {
      const stamp = now?.[index];
      if (stamp === undefined) continue; // nobody could look: the next time tells
      if (file.stamp !== undefined && file.stamp !== stamp) this.#tell(uri);
      file.stamp = stamp;
    }
  }
}
