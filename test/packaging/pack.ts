import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { root } from '../readme/blocks.ts';

/** The fields of a package.json that the tests of packages look at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly private?: boolean;
  readonly mcpName?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly repository: { readonly url: string; readonly directory: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package of this repository that goes to npm. */
export interface PublicPackage {
  /** The absolute path of the package's folder. */
  readonly folder: string;
  /** A server is one bundled file with a command; the others are libraries, or the command `mortise`. */
  readonly isServer: boolean;
  readonly manifest: Manifest;
}

/** What goes to npm: everything in packages/ and servers/ that is not private. */
export const publicPackages: readonly PublicPackage[] = globSync('{packages,servers}/*/package.json', { cwd: root })
  .toSorted()
  .map((file) => ({
    folder: join(root, file, '..'),
    isServer: file.startsWith('servers'),
    manifest: JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest,
  }))
  .filter(({ manifest }) => manifest.private !== true);

/**
 * Packs public packages as they would be published; they have to be built (`turbo run build bundle`).
 * @param directory - Where the tarballs go
 * @param packages - All of them unless given
 * @returns The absolute path of each tarball, by the package's name
 */
export function pack(directory: string, packages: readonly PublicPackage[] = publicPackages): Map<string, string> {
  const filters = packages.map(({ folder }) => `--filter=./${relative(root, folder)}`);
  const args = ['--recursive', ...filters, 'pack', '--json', '--pack-destination', directory];
  const output = execFileSync('pnpm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const packed = JSON.parse(output.slice(output.search(/^\[/m))) as { name: string; filename: string }[];
  return new Map(packed.map(({ name, filename }) => [name, filename]));
}
