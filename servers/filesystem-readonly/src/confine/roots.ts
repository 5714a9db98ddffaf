import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { DescriptorPin } from './descriptor-pin.ts';
import { shown } from './names.ts';
import { PathPin } from './path-pin.ts';
import type { Pin } from './pin.ts';
import { withHome } from './request.ts';

/** A folder that may be read, as plain data: the main thread holds it once, every worker thread uses the same hold. */
export interface Root {
  /** Absolute, as the operator wrote it. */
  readonly spelled: string;
  /** Absolute, without symbolic links. */
  readonly real: string;
  /** The names from the operator's folder down to this one: none, unless a client has narrowed it. */
  readonly above: readonly string[];
  /** Linux: the O_PATH descriptor. */
  readonly descriptor: number | undefined;
}

/** Why a folder cannot be a root; its message is for the operator. */
export class RootError extends Error {
  override readonly name = 'RootError';
}

/**
 * Holds the folders that may be read, for the life of the process.
 * @throws RootError when one is no folder, or when /proc is missing
 */
export function holdRoots(folders: readonly string[]): Root[] {
  const linux = process.platform === 'linux';
  if (linux) assertProc();
  const roots = folders.map((folder) => {
    const spelled = resolve(withHome(folder));
    let real: string;
    try {
      real = realpathSync.native(spelled);
      if (!statSync(real).isDirectory()) throw new RootError(`${shown(folder)} is not a folder; give a folder.`);
      return { spelled, real, above: [], descriptor: linux ? DescriptorPin.root(real) : undefined };
    } catch (error) {
      if (error instanceof RootError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'does not exist' : `cannot be opened (${code})`;
      throw new RootError(`The folder ${shown(folder)} ${why}; give one that this user may read.`);
    }
  });
  return roots.filter((root, index) => roots.findIndex(({ real }) => real === root.real) === index);
}

/** The hold on a root, for use on this thread. */
export function pinOf(root: Root): Pin {
  return root.descriptor === undefined ? new PathPin(root.real) : new DescriptorPin(root.descriptor, false);
}

function assertProc(): void {
  if (statSync('/proc/self/fd', { throwIfNoEntry: false })?.isDirectory()) return;
  throw new RootError('/proc is not mounted; filesystem-readonly confines its reads through it on Linux. Mount it.');
}
