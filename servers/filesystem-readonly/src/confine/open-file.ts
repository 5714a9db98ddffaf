import { closeSync, fstatSync, readSync, type Stats } from 'node:fs';

import { refusalOf } from './refusal-of.ts';

/** A regular file, open for reading. */
export class OpenFile implements Disposable {
  readonly #descriptor: number;
  /** What the file was when it was opened. */
  readonly stats: Stats;
  readonly #path: () => string;

  /** @param path - As it may be shown */
  constructor(descriptor: number, stats: Stats, path: () => string) {
    this.#descriptor = descriptor;
    this.stats = stats;
    this.#path = path;
  }

  get size(): number {
    return this.stats.size;
  }

  /** Fills `buffer` from `position` (bytes) on; the number of bytes read, less than asked for only at the end. */
  read(buffer: Uint8Array, position: number): number {
    let filled = 0;
    try {
      while (filled < buffer.length) {
        const read = readSync(this.#descriptor, buffer, filled, buffer.length - filled, position + filled);
        filled += read;
        // where the file ended when it was opened, no further call is needed to see that it does
        if (read === 0 || position + filled === this.stats.size) break;
      }
    } catch (error) {
      throw refusalOf(error, this.#path());
    }
    return filled;
  }

  /** Whether the file is another than when it was opened. */
  changed(): boolean {
    const now = fstatSync(this.#descriptor);
    return now.size !== this.stats.size || now.mtimeMs !== this.stats.mtimeMs;
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}
