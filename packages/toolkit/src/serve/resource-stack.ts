type Dispose = () => unknown;

/**
 * What `setup` opens, closed in the opposite order when the server ends. The part of `AsyncDisposableStack` that a
 * setup needs, which Node has from version 24 on.
 */
export class ResourceStack implements AsyncDisposable {
  #open: Dispose[] = [];

  /** Closes `resource` by its `Symbol.asyncDispose` or `Symbol.dispose`; returns it. */
  use<T extends AsyncDisposable | Disposable>(resource: T): T {
    this.#open.push(() =>
      Symbol.asyncDispose in resource ? resource[Symbol.asyncDispose]() : resource[Symbol.dispose](),
    );
    return resource;
  }

  /** Closes `value` by calling `dispose` with it; returns it. */
  adopt<T>(value: T, dispose: (value: T) => unknown): T {
    this.#open.push(() => dispose(value));
    return value;
  }

  /** Runs `dispose` at the end. */
  defer(dispose: Dispose): void {
    this.#open.push(dispose);
  }

  /** Closes everything, also when some of it fails to close; a second call does nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (const dispose of this.#open.splice(0).toReversed()) {
      try {
        await dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be closed');
  }
}
