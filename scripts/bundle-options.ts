import type { BuildOptions, Plugin } from 'esbuild';

/**
 * Loads node's HTTP modules when something of them is used. To import one as a module reads everything it exports, and
 * with it loads the WHATWG client: a server that speaks over stdio would wait for it at each start.
 */
const httpWhenUsed: Plugin = {
  name: 'http-when-used',
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?(?:https?|http2)$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'when-used' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'when-used' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** What every bundle of a server has in common. */
export const bundleOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  conditions: ['@mortise/source'],
  plugins: [httpWhenUsed],
  legalComments: 'none',
  // Half of the size is indentation and comments; names stay, and lines short enough for an error to point at one.
  minifyWhitespace: true,
  lineLimit: 160,
} as const satisfies BuildOptions;
