import { build } from 'esbuild';

// @boundaries-ignore the servers are bundled with the same options, by a script of the workspace
import { bundleOptions } from '../scripts/bundle-options.ts';

/**
 * Bundles a server into one file that `node` runs, as scripts/bundle.mjs does for the servers of the workspace.
 * @param external - Packages that stay outside, such as those of which the process may hold one copy only
 */
export async function bundle(entry: string, file: string, external: string[] = []): Promise<void> {
  await build({
    ...bundleOptions,
    entryPoints: [entry],
    outfile: file,
    target: 'node22',
    external,
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}
