import type { Dirent, Stats } from 'node:fs';

/** What an entry of the file system is. */
export type Kind = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'device';

/** The kind that a directory entry or a stat result tells. */
export function kindOf(entry: Dirent | Stats): Kind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'symlink';
  if (entry.isFIFO()) return 'fifo';
  return entry.isSocket() ? 'socket' : 'device';
}
