import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  type Dirent,
  type Stats,
} from 'node:fs';

import { nameOf, pathOf } from './names.ts';
import type { Pin } from './pin.ts';

const { O_RDONLY, O_NOFOLLOW, O_DIRECTORY, O_NONBLOCK, O_NOCTTY } = constants;
// Node has no constant for it; the same on every Linux that Node runs on. Such a descriptor reads nothing and wakes no
// driver, no automounter and no writer of a FIFO.
const O_PATH = 0o10000000;

/**
 * Linux: a descriptor. `/proc/self/fd/<directory>/<name>` with O_NOFOLLOW is openat(2): the directory is the one that
 * is held, wherever it has been moved to, and only one name is looked up in it.
 */
export class DescriptorPin implements Pin {
  readonly #descriptor: number;
  readonly #owned: boolean;
  readonly #path: string;

  /**
   * @param descriptor - An O_PATH descriptor
   * @param owned - Whether to close it at the end
   */
  constructor(descriptor: number, owned = true) {
    this.#descriptor = descriptor;
    this.#owned = owned;
    this.#path = `/proc/self/fd/${descriptor}`;
  }

  /** The descriptor of a root, to be shared by all threads; it stays open as long as the process. */
  static root(real: string): number {
    return openSync(real, O_PATH | O_DIRECTORY);
  }

  stats(): Stats {
    return fstatSync(this.#descriptor);
  }

  child(name: string): Pin {
    return new DescriptorPin(openSync(this.#entry(name), O_PATH | O_NOFOLLOW));
  }

  directory(name: string): Pin {
    return new DescriptorPin(openSync(this.#entry(name), O_PATH | O_NOFOLLOW | O_DIRECTORY));
  }

  statsOf(name: string): Stats | undefined {
    return lstatSync(this.#entry(name), { throwIfNoEntry: false });
  }

  linkOf(name: string): Buffer {
    return readlinkSync(this.#entry(name), 'buffer');
  }

  list(): Dirent[] {
    const entries = readdirSync(this.#path, { withFileTypes: true });
    if (!entries.some(({ name }) => name.includes('\ufffd'))) return entries;
    return readdirSync(this.#path, { withFileTypes: true, encoding: 'buffer' }).map((entry) =>
      Object.assign(entry as unknown as Dirent, { name: nameOf(entry.name as unknown as Buffer) }),
    );
  }

  open(): number {
    return openSync(this.#path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  }

  again(): Pin {
    return new DescriptorPin(openSync(this.#path, O_PATH));
  }

  [Symbol.dispose](): void {
    if (this.#owned) closeSync(this.#descriptor);
  }

  #entry(name: string): string | Buffer {
    return pathOf(`${this.#path}/`, name);
  }
}
