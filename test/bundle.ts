import { build } from 'esbuild';

/**
 * Bundles a server into one file that `node` runs, as scripts/bundle.mjs does for the servers of the workspace.
 * @param external - Packages that stay outside, such as those of which the process may hold one copy only
 */
export async function bundle(entry: string, file: string, external: string[] = []): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external,
    conditions: ['@mortise/source'],
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
}
