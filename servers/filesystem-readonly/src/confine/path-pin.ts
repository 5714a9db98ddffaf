import {
  constants,
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  type Dirent,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';

import type { Pin } from './pin.ts';

// macOS refuses a link anywhere in the path with this flag (open(2)); a root's real path has none. Node has no constant.
const NO_LINK_ANYWHERE = process.platform === 'darwin' ? 0x2000_0000 : 0;
// Windows has none of the last three.
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = Object.assign(
  { O_NOFOLLOW: 0, O_NONBLOCK: 0, O_NOCTTY: 0 },
  constants,
);

/**
 * Where directories have no descriptors that Node can walk from (macOS, Windows): a path without links and the identity
 * (device and inode) seen when it was held. Each use compares the identity, before and after where it cannot do both at
 * once. On macOS a file is opened without following any link, which closes the race for contents; a listing there, and
 * everything on Windows, keeps a window between two calls. docs/filesystem-security.md says so.
 */
export class PathPin implements Pin {
  readonly #path: string;
  readonly #stats: Stats;

  constructor(path: string, stats: Stats = lstatSync(path)) {
    this.#path = path;
    this.#stats = stats;
  }

  stats(): Stats {
    return this.#same(lstatSync(this.#path));
  }

  child(name: string): Pin {
    this.stats();
    return new PathPin(join(this.#path, name));
  }

  directory(name: string): Pin {
    const pin = new PathPin(join(this.#path, name));
    if (!pin.#stats.isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
    return pin;
  }

  statsOf(name: string): Stats | undefined {
    this.stats();
    return lstatSync(join(this.#path, name), { throwIfNoEntry: false });
  }

  linkOf(name: string): Buffer {
    this.stats();
    return readlinkSync(join(this.#path, name), 'buffer');
  }

  list(): Dirent[] {
    this.stats();
    const entries = readdirSync(this.#path, { withFileTypes: true });
    this.stats();
    return entries;
  }

  open(): number {
    const descriptor = openSync(this.#path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | NO_LINK_ANYWHERE);
    try {
      this.#same(fstatSync(descriptor));
      this.stats();
      return descriptor;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  again(): Pin {
    return new PathPin(this.#path, this.#stats);
  }

  [Symbol.dispose](): void {}

  #same(now: Stats): Stats {
    if (now.dev === this.#stats.dev && now.ino === this.#stats.ino) return now;
    throw Object.assign(new Error('exchanged'), { code: 'ESTALE' });
  }
}
