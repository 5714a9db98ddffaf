import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { DatabaseProblem } from './errors.ts';
import type { WorkerConfig, WorkerReply, WorkerRequest } from './pglite-messages.ts';

/**
 * The entry of the thread lies beside this module in all three forms of this package: as TypeScript in `src`, compiled
 * in `dist`, and bundled, where `scripts/bundle.mjs` writes it next to the one file of the server.
 */
const entry = new URL(import.meta.url.endsWith('.ts') ? './pglite-worker.ts' : './pglite-worker.js', import.meta.url);

/** A Postgres error as `pg` would raise it. */
function toDatabaseError({ message, fields }: WorkerReply & { readonly type: 'error' }): Error {
  if (fields['code'] === 'MORTISE_NOT_EMPTY') {
    return new DatabaseProblem({
      code: 'DB_UNAVAILABLE',
      message: 'The data directory holds files that are not a database.',
      hint: 'The operator has to name an empty or a new directory with --data-dir.',
      retryable: false,
    });
  }
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), fields);
}

function stopped(): DatabaseProblem {
  return new DatabaseProblem({
    code: 'DB_UNAVAILABLE',
    message: 'The embedded database stopped.',
    hint: 'Repeat the call: it starts again.',
    retryable: true,
  });
}

function ignore(): void {}

interface Pending {
  resolve(reply: WorkerReply): void;
  reject(error: Error): void;
}

/** One life of the embedded engine: a worker thread that answers one request at a time. */
export class EmbeddedSession {
  readonly #worker: Worker;
  #pending: Pending | undefined;
  #last: Promise<void> = Promise.resolve();
  #ended = false;

  private constructor(config: WorkerConfig) {
    this.#worker = new Worker(entry, { workerData: config, stdout: true, execArgv: [] });
    this.#worker.on('message', (reply: WorkerReply) => this.#settle((pending) => pending.resolve(reply)));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(stopped()));
  }

  /** Starts a thread; resolves when the engine answers. */
  static async start(config: WorkerConfig): Promise<EmbeddedSession> {
    const session = new EmbeddedSession(config);
    const reply = await session.#reply();
    if (reply.type === 'ready') return session;
    await session.terminate();
    throw reply.type === 'error' ? toDatabaseError(reply) : stopped();
  }

  /** Whether the engine of this session is gone, with every transaction it had. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Sends a request and waits for its reply, after those that were sent before: a caller that cancels stops waiting,
   * and may send the next request while the engine still works on the first.
   * @param timeout - Milliseconds after which the thread is ended, since nothing else stops a query of this engine; 0: none
   */
  send(request: WorkerRequest, timeout: number): Promise<WorkerReply> {
    const reply = this.#last.then(() => this.#exchange(request, timeout));
    this.#last = reply.then(ignore, ignore);
    return reply;
  }

  /** Ends the thread at once, whatever it does. */
  async terminate(): Promise<void> {
    this.#end(stopped());
    await this.#worker.terminate();
  }

  async #expire(): Promise<void> {
    this.#end(
      new DatabaseProblem({
        code: 'QUERY_TIMEOUT',
        message: 'The embedded database took too long and was restarted; what it held in memory only is lost.',
        hint: 'Ask for less: a narrower search or fewer rows.',
        retryable: false,
      }),
    );
    await this.#worker.terminate();
  }

  async #exchange(request: WorkerRequest, timeout: number): Promise<WorkerReply> {
    if (this.#ended) throw stopped();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(request);
    const timer = timeout > 0 ? setTimeout(() => void this.#expire(), timeout) : undefined;
    try {
      const reply = await this.#reply();
      if (reply.type === 'error') throw toDatabaseError(reply);
      return reply;
    } finally {
      clearTimeout(timer);
    }
  }

  #reply(): Promise<WorkerReply> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
    });
  }

  #settle(settle: (pending: Pending) => void): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) settle(pending);
  }

  #end(error: Error): void {
    this.#ended = true;
    this.#settle((pending) => pending.reject(error));
  }
}
