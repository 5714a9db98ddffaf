import type { Stats } from 'node:fs';
import { join } from 'node:path';

import { kindOf, type Kind } from './kind.ts';
import { shown } from './names.ts';
import { OpenFile } from './open-file.ts';
import type { Pin } from './pin.ts';
import { refusalOf } from './refusal-of.ts';
import { Refusal } from './refusal.ts';
import type { Root } from './roots.ts';

/** One entry of a directory, by name and kind. */
export interface Entry {
  readonly name: string;
  readonly kind: Kind;
}

/** Something below a root that is held: no link leads anywhere from here, and no protected name is on the way. */
export class Place implements Disposable {
  readonly root: Root;
  /** The names from the root down, with links resolved. */
  readonly names: readonly string[];
  readonly #pin: Pin;

  constructor(root: Root, names: readonly string[], pin: Pin) {
    this.root = root;
    this.names = names;
    this.#pin = pin;
  }

  /** Absolute, below the root as the operator wrote it. Not escaped. */
  get path(): string {
    return [this.root.spelled === '/' ? '' : this.root.spelled, ...this.names].join('/') || '/';
  }

  /** From the operator's folder down: `a/b`; empty for the folder itself. */
  get below(): string {
    return [...this.root.above, ...this.names].join('/');
  }

  /** This directory as a root of its own, with the hold on it: who takes it disposes of that instead of this place. */
  asRoot(): readonly [Root, Pin] {
    this.assertDirectory();
    const real = join(this.root.real, ...this.names);
    const above = [...this.root.above, ...this.names];
    return [{ spelled: this.path, real, above, descriptor: undefined }, this.#pin];
  }

  stats(): Stats {
    return this.#try(() => this.#pin.stats());
  }

  /** @throws Refusal NOT_DIRECTORY */
  assertDirectory(): void {
    const kind = kindOf(this.stats());
    if (kind === 'directory') return;
    throw new Refusal(
      'NOT_DIRECTORY',
      `${shown(this.path)} is a ${kind}, not a directory.`,
      'Use read_file for a file.',
    );
  }

  /**
   * Opens a regular file; anything else is refused before it is opened.
   * @throws Refusal IS_DIRECTORY, NOT_REGULAR, NO_PERMISSION
   */
  openFile(): OpenFile {
    const stats = this.stats();
    const kind = kindOf(stats);
    if (kind === 'directory') {
      throw new Refusal('IS_DIRECTORY', `${shown(this.path)} is a directory.`, 'Use list_directory or directory_tree.');
    }
    if (kind !== 'file') {
      throw new Refusal('NOT_REGULAR', `${shown(this.path)} is a ${kind}; only regular files can be read.`);
    }
    return this.#try(() => new OpenFile(this.#pin.open(), stats, () => this.path));
  }

  /** The entries of this directory in the order of their names (UTF-16 code units). Protected ones are still there. */
  entries(): Entry[] {
    const entries = this.#try(() => this.#pin.list()).map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What an entry of this directory is now; undefined when it is gone or cannot be seen. */
  statsOf(name: string): Stats | undefined {
    try {
      return this.#pin.statsOf(name);
    } catch {
      return undefined;
    }
  }

  /** Holds a directory in this one; undefined when it is none (any more) or cannot be entered. */
  directory(name: string): Place | undefined {
    return this.#step(name, () => this.#pin.directory(name));
  }

  /** Opens a regular file in this directory; undefined when it is none (any more) or cannot be read. */
  file(name: string): OpenFile | undefined {
    try {
      using pin = this.#pin.child(name);
      const stats = pin.stats();
      if (kindOf(stats) !== 'file') return undefined;
      return new OpenFile(pin.open(), stats, () => `${this.path}/${name}`);
    } catch {
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#pin[Symbol.dispose]();
  }

  #step(name: string, hold: () => Pin): Place | undefined {
    try {
      return new Place(this.root, [...this.names, name], hold());
    } catch {
      return undefined;
    }
  }

  #try<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw refusalOf(error, this.path);
    }
  }
}
