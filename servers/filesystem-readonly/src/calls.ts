import type { Context } from '@mortise/toolkit';

import type { Operations } from './operations/operations.ts';
import type { RunOptions, WorkerPool } from './worker/pool.ts';

type CallOptions = Pick<RunOptions, 'searching' | 'time'>;

/** How the calls of clients reach the threads: with their signal, their progress, and in the folders they may see. */
export class Calls {
  readonly #pool: WorkerPool;
  readonly #narrowing: boolean;

  /** @param narrowing - Whether the roots of a client narrow what its calls may see */
  constructor(pool: WorkerPool, narrowing: boolean) {
    this.#pool = pool;
    this.#narrowing = narrowing;
  }

  /** Whether what this client sees depends on its own roots. A client that has none sees all that may be read. */
  narrows({ request: { capabilities } }: Context): boolean {
    return this.#narrowing && capabilities.roots !== undefined;
  }

  /**
   * Runs an operation. The client is asked for its roots with every call, which is cheap and never stale: it need not
   * tell when they change.
   */
  async run<Name extends keyof Operations>(
    operation: Name,
    input: Parameters<Operations[Name]>[1],
    context: Context,
    options: CallOptions = {},
  ): Promise<ReturnType<Operations[Name]>> {
    const within = this.narrows(context) ? (await context.roots()).map(({ uri }) => uri) : undefined;
    const onProgress: RunOptions['onProgress'] = (done, total, message) => {
      context.progress(done, total, message).catch(() => {}); // a client that is gone is no reason to fail
    };
    return this.#pool.run(operation, input, { signal: context.signal, onProgress, within, ...options });
  }

  /** Paths that begin like what was typed; none where the client's own roots decide, which it cannot be asked here. */
  async complete(typed: string, context: Context, directoriesOnly = false): Promise<readonly string[]> {
    if (this.narrows(context)) return [];
    return this.#pool.run('completePath', { typed, directoriesOnly }, { signal: context.signal });
  }
}
