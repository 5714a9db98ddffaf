import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

const shared = {
  resolve: { conditions: ['@mortise/source'] },
  ssr: { resolve: { conditions: ['@mortise/source'] } },
  // oxc lowers legacy decorators only (oxc-project/oxc#9170), which is why tsconfig.base.json sets experimentalDecorators.
  oxc: { decorator: { legacy: true } },
};

const SHIPPING = ['test/{template,site,examples}/*.test.ts', 'test/packaging/{npx,release}.test.ts'];
const START = ['test/demo/*.test.ts', 'test/readme/commands.test.ts'];

export default defineConfig({
  test: {
    // Much of a test's time is waiting for processes; on two cores, vitest would run one file at a time.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'servers/*/src/**/*.test.ts'],
          // A busy machine is no failure.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Inference on the version of TypeScript that comes next; what the files say must not depend on the version.
        ...shared,
        resolve: { ...shared.resolve, alias: [{ find: /^typescript(?=\/|$)/, replacement: 'typescript-next' }] },
        test: {
          name: 'infer-next',
          include: ['packages/infer/src/{compiler/session,shapes,positions,refusals,watch}.test.ts'],
          env: { TYPESCRIPT: 'typescript-next' },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Run once for each engine: `TEST_DATABASE=embedded|local|container|url vitest run --project database`.
        ...shared,
        test: {
          name: 'database',
          include: ['test/{database,acceptance}/**/*.test.ts'],
          globalSetup: ['test/database/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'artefacts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{containers,database,acceptance,runtimes}/**', ...SHIPPING, ...START, '**/node_modules/**'],
          // the code of docs/ lies inside a package, so that it resolves the toolkit as its users do
          server: { deps: { inline: [/\/node_modules\/docs-/] } },
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Packs, installs and builds what is shipped: `npm run test:shipping`.
        ...shared,
        test: { name: 'shipping', include: SHIPPING, testTimeout: 180_000, hookTimeout: 60_000 },
      },
      {
        // `npm start` puts the bundle in its place anew, in which nobody else may look for it meanwhile.
        ...shared,
        test: { name: 'start', include: START, fileParallelism: false, testTimeout: 180_000 },
      },
      {
        // Needs a container engine, and the bundles.
        ...shared,
        test: {
          name: 'containers',
          include: ['test/containers/**/*.test.ts'],
          globalSetup: ['test/containers/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        // TEST_NODES lists the programs to run the bundle on.
        ...shared,
        test: { name: 'runtimes', include: ['test/runtimes/**/*.test.ts'], testTimeout: 60_000 },
      },
    ],
  },
});
