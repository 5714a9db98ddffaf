import type { Dirent, Stats } from 'node:fs';

/**
 * One entry of the file system, held so that nothing done to its path can exchange it. Every method speaks of what is
 * held, never of what now stands under the same path, and follows no symbolic link.
 */
export interface Pin extends Disposable {
  /** What is held. */
  stats(): Stats;
  /** Holds an entry of this directory; a symbolic link is held itself. Nothing is opened for reading. */
  child(name: string): Pin;
  /** As {@link child}, and fails with ENOTDIR unless it is a directory: one call less for a walk. */
  directory(name: string): Pin;
  /** What an entry of this directory is, without holding it. */
  statsOf(name: string): Stats | undefined;
  /** The text of a symbolic link in this directory, as bytes. */
  linkOf(name: string): Buffer;
  /** The entries of this directory in no order. */
  list(): Dirent[];
  /** Opens this regular file for reading; the caller closes the descriptor. */
  open(): number;
  /** A second hold on the same entry. */
  again(): Pin;
}
