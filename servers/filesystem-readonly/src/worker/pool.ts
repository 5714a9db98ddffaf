import { setTimeout as after } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { Refusal } from '../confine/refusal.ts';
import type { Operations } from '../operations/operations.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './messages.ts';

/** How much a pool may do. Times in milliseconds. */
export interface PoolLimits {
  /** Most threads at work at a time. */
  readonly threads: number;
  /** Of these, most that search: a read always finds a thread. */
  readonly searching: number;
  /** An operation ends by itself after this time, with what it has. */
  readonly time: number;
  /** One that does not is given up after this much more: its thread is lost in a system call or a loop. */
  readonly grace: number;
  /** A cancelled operation that has not stopped after this time loses its thread. */
  readonly cancelGrace: number;
  /** Threads the kernel does not give back, until the server refuses to lose more. */
  readonly lost: number;
  /** A thread with nothing to do ends after this time, all but one. */
  readonly idle: number;
}

const DEFAULT_LIMITS: PoolLimits = {
  threads: 8,
  searching: 4,
  time: 10_000,
  grace: 2000,
  cancelGrace: 80,
  lost: 64,
  idle: 5000,
};

/** How one call is made. */
export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number | undefined, message: string) => void;
  /** May take long. */
  readonly searching?: boolean;
  /** URIs of the folders to keep to; all that may be read if left out. */
  readonly within?: readonly string[] | undefined;
  /** Milliseconds, instead of the pool's. */
  readonly time?: number;
}

interface Waiting {
  readonly searching: boolean;
  begin(): void;
}

/**
 * Threads that make the system calls, started when they are needed. Each does one thing at a time; one that does not
 * come back is replaced, and the calls of others never wait for it.
 */
export class WorkerPool implements AsyncDisposable {
  readonly #start: WorkerStart;
  readonly #file: URL;
  readonly #limits: PoolLimits;
  #idle: { readonly worker: Worker; readonly since: number }[] = [];
  #sweep: NodeJS.Timeout | undefined;
  readonly #lost = new Set<Worker>();
  readonly #waiting: Waiting[] = [];
  #busy = 0;
  #searching = 0;

  /** @param file - The program of a thread */
  constructor(start: WorkerStart, file: URL, limits: Partial<PoolLimits> = {}) {
    this.#start = start;
    this.#file = file;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Threads that were given up and have not ended. */
  get lost(): number {
    return this.#lost.size;
  }

  /**
   * Runs one operation on a thread.
   * @throws Refusal what the operation refused, TIMEOUT when its thread was given up, BUSY when too many were
   * @throws the signal's reason
   */
  async run<Name extends keyof Operations>(
    operation: Name,
    input: Parameters<Operations[Name]>[1],
    { signal, onProgress, within, searching = false, time = this.#limits.time }: RunOptions,
  ): Promise<ReturnType<Operations[Name]>> {
    await this.#turn(searching, signal);
    try {
      const worker = this.#idle.pop()?.worker ?? this.#thread();
      return (await this.#ask(worker, { operation, input, within, time }, signal, onProgress)) as never;
    } finally {
      this.#busy -= 1;
      if (searching) this.#searching -= 1;
      this.#next();
    }
  }

  /** Ends the threads, as far as the kernel gives them back within half a second: see {@link lost}. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all(this.#idle.splice(0).map(({ worker }) => worker.terminate()));
    const end = performance.now() + 500;
    while (this.#lost.size > 0 && performance.now() < end) await after(10);
  }

  /** Waits for a free thread. */
  #turn(searching: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
      };
      const waiting: Waiting = {
        searching,
        begin: () => {
          signal.removeEventListener('abort', onAbort);
          this.#busy += 1;
          if (searching) this.#searching += 1;
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    while (this.#busy < this.#limits.threads) {
      const index = this.#waiting.findIndex(({ searching }) => !searching || this.#searching < this.#limits.searching);
      if (index === -1) return;
      this.#waiting.splice(index, 1)[0]?.begin();
    }
  }

  #thread(): Worker {
    if (this.#lost.size >= this.#limits.lost) {
      throw new Refusal('BUSY', 'The file system has stopped answering.', 'Tell the user; do not repeat the call.');
    }
    const worker = new Worker(this.#file, {
      workerData: this.#start,
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8 },
      stdout: true, // nothing but the protocol may reach stdout
    });
    worker.unref();
    worker.on('exit', () => this.#lost.delete(worker));
    worker.on('error', () => {}); // told to whoever asks it
    return worker;
  }

  #ask(
    worker: Worker,
    asked: Omit<WorkerRequest, 'stop'>,
    signal: AbortSignal,
    onProgress: RunOptions['onProgress'],
  ): Promise<unknown> {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    return new Promise((resolve, reject) => {
      let timer = setTimeout(() => giveUp(late()), asked.time + this.#limits.grace);
      const settle = (free: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        worker.off('message', onReply).off('error', onError).off('exit', onExit);
        worker.unref();
        if (free) this.#rest(worker);
        else this.#giveUp(worker);
      };
      const giveUp = (error: unknown): void => {
        settle(false);
        reject(error);
      };
      const onAbort = (): void => {
        Atomics.store(stop, 0, 1);
        clearTimeout(timer);
        timer = setTimeout(() => giveUp(signal.reason), this.#limits.cancelGrace);
      };
      const onReply = (reply: WorkerReply): void => {
        if (reply.kind === 'progress') return onProgress?.(reply.done, reply.total, reply.message);
        settle(true);
        if (signal.aborted) reject(signal.reason as Error);
        else if (reply.kind === 'answer') resolve(reply.value);
        else if (reply.kind === 'refusal') reject(new Refusal(reply.code, reply.message, reply.hint));
        else reject(new Error(reply.cause));
      };
      const onError = (error: Error): void => giveUp(outOfMemory(error) ? tooLarge() : error);
      const onExit = (): void => giveUp(late());
      worker.ref();
      worker.on('message', onReply).on('error', onError).on('exit', onExit);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ ...asked, stop: stop.buffer } satisfies WorkerRequest);
    });
  }

  #rest(worker: Worker): void {
    this.#idle.push({ worker, since: performance.now() });
    this.#sweep ??= setInterval(() => {
      const [first, ...others] = this.#idle;
      const tired = others.filter(({ since }) => performance.now() - since > this.#limits.idle);
      this.#idle = [...(first ? [first] : []), ...others.filter((each) => !tired.includes(each))];
      for (const each of tired) void each.worker.terminate();
    }, this.#limits.idle / 4).unref();
  }

  #giveUp(worker: Worker): void {
    this.#lost.add(worker);
    // resolves when the thread has ended, which one inside a system call does not
    void worker.terminate().then(() => this.#lost.delete(worker));
  }
}

function late(): Refusal {
  return new Refusal('TIMEOUT', 'The file system did not answer in time.', 'Try another path, or a smaller one.');
}

function tooLarge(): Refusal {
  return new Refusal('TOO_LARGE', 'The answer needs more memory than is allowed.', 'Ask for a smaller part.');
}

function outOfMemory(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
