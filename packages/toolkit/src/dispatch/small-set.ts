/**
 * A set of the few things that are going on at one time, out of very many in a row. Not `Set` or `Map`: with each new
 * table that V8 makes for one of those the old table keeps the new one alive, so that from an old table that was
 * promoted hangs everything the set has held since, until the next full collection. For calls that was a quarter of a
 * busy server's time. Finding something takes as long as there is in it.
 */
export class SmallSet<T> implements Iterable<T> {
  readonly #values: T[] = [];

  get size(): number {
    return this.#values.length;
  }

  has(value: T): boolean {
    return this.#values.includes(value);
  }

  add(value: T): void {
    if (!this.has(value)) this.#values.push(value);
  }

  /** Whether it was there. */
  delete(value: T): boolean {
    const place = this.#values.indexOf(value);
    if (place === -1) return false;
    const last = this.#values.pop() as T;
    if (place < this.#values.length) this.#values[place] = last;
    return true;
  }

  /** Of a copy: what is done with each may change the set. */
  [Symbol.iterator](): Iterator<T> {
    return this.#values.slice().values();
  }
}
