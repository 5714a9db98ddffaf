import type { Calls } from '../serve/endpoint.ts';

/** Counts the calls in flight and can fire all of their signals. */
export class CallRegistry implements Calls {
  readonly #controllers = new Set<AbortController>();
  #waiting: (() => void)[] = [];

  get size(): number {
    return this.#controllers.size;
  }

  idle(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  abort(reason: string): void {
    for (const controller of this.#controllers) controller.abort(new DOMException(reason, 'AbortError'));
  }

  /** Runs `call` with a signal that fires when `signal` does or when {@link abort} is called. */
  async run<T>(signal: AbortSignal, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#controllers.add(controller);
    try {
      return await call(AbortSignal.any([signal, controller.signal]));
    } finally {
      this.#controllers.delete(controller);
      if (this.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }
}
