import type { Calls } from '../serve/endpoint.ts';
import { SmallSet } from './small-set.ts';

/** One call in flight. Its signal is only made when somebody asks for it. */
export class Call {
  #controller: AbortController | undefined;
  #reason: unknown;

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  /** Fires the signal; a second time does nothing. */
  abort(reason: unknown): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  /** Fires the signal when `other` does. */
  follow(other: AbortSignal): void {
    if (other.aborted) this.abort(other.reason);
    else other.addEventListener('abort', () => this.abort(other.reason), { once: true });
  }
}

/** Counts the calls in flight and can fire all of their signals. */
export class CallRegistry implements Calls {
  readonly #calls = new SmallSet<Call>();
  #waiting: (() => void)[] = [];

  get size(): number {
    return this.#calls.size;
  }

  idle(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  abort(reason: string): void {
    for (const call of this.#calls) call.abort(new DOMException(reason, 'AbortError'));
  }

  /** Runs `run`; the call counts until it has settled. */
  async run<T>(call: Call, run: (call: Call) => Promise<T>): Promise<T> {
    this.#calls.add(call);
    try {
      return await run(call);
    } finally {
      this.#calls.delete(call);
      if (this.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }
}
