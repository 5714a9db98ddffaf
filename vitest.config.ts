import { defineConfig } from 'vitest/config';

const shared = {
  resolve: { conditions: ['@mortise/source'] },
  ssr: { resolve: { conditions: ['@mortise/source'] } },
  // oxc lowers legacy decorators only (oxc-project/oxc#9170), which is why tsconfig.base.json sets experimentalDecorators.
  oxc: { decorator: { legacy: true } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: { name: 'unit', include: ['packages/*/src/**/*.test.ts', 'servers/*/src/**/*.test.ts'] },
      },
    ],
  },
});
