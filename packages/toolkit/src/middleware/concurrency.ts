import { ToolError } from '../define/errors.ts';
import type { Call, Middleware } from '../dispatch/middleware.ts';

/** How many calls may run at once. */
export interface ConcurrencyOptions {
  /** Calls that run at the same time. */
  readonly limit: number;
  /** Calls that wait for their turn, first come first served; one more is refused with `BUSY`. Default 100. */
  readonly queue?: number;
  /** Counts calls with different keys apart, such as `(call) => call.name`; default: all calls together. */
  readonly by?: (call: Call) => string;
}

/**
 * Limits how many calls run at once; the others wait, and leave the queue when their client cancels.
 *
 * ```ts
 * createServer({ name, version, use: [concurrency({ limit: 10, by: (call) => call.context.auth?.subject ?? '' })] });
 * ```
 */
export function concurrency({ limit, queue = 100, by = () => '' }: ConcurrencyOptions): Middleware {
  const lanes = new Map<string, Lane>();
  return async (call, next) => {
    const key = by(call);
    const lane = lanes.get(key) ?? new Lane(limit, queue);
    lanes.set(key, lane);
    try {
      await lane.enter(call.context.signal);
      try {
        return await next();
      } finally {
        lane.leave();
      }
    } finally {
      if (lane.empty) lanes.delete(key);
    }
  };
}

/** The calls of one key. */
class Lane {
  readonly #limit: number;
  readonly #queue: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(limit: number, queue: number) {
    this.#limit = limit;
    this.#queue = queue;
  }

  get empty(): boolean {
    return this.#running === 0 && this.#waiting.size === 0;
  }

  /** Resolves when it is the call's turn; rejects when the signal fires before, or with BUSY. */
  async enter(signal: AbortSignal): Promise<void> {
    if (this.#running < this.#limit) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.size >= this.#queue) {
      throw new ToolError('The server is busy with other calls.', {
        code: 'BUSY',
        retryable: true,
        hint: 'Wait a few seconds and call again.',
      });
    }
    const turn = Promise.withResolvers<void>();
    this.#waiting.add(turn.resolve);
    const cancel = (): void => {
      if (this.#waiting.delete(turn.resolve)) turn.reject(signal.reason as Error);
    };
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Hands the place to the one that waits longest. */
  leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
