import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { CommandError } from '../command.ts';
import { renamed } from './renamed.ts';

/** What the build put into this package: see pack-template.mjs. */
const template = fileURLToPath(new URL('../../template', import.meta.url));

const compilerOptions = {
  target: 'ES2024',
  lib: ['ES2024', 'ESNext.Decorators', 'ESNext.Disposable', 'ESNext.Collection'],
  module: 'NodeNext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  experimentalDecorators: true,
  rewriteRelativeImportExtensions: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  rootDir: 'src',
  outDir: 'dist',
};

const vitestConfig = `import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { decorator: { legacy: true } },
  test: { include: ['src/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
});
`;

const readme = (name: string): string => `# ${name}

- \`npm test\`: tests with the real client and a real Postgres (a container, or programs from npm where there is none)
- \`npm run infer\`: writes \`src/surface.gen.ts\` anew after a change of \`src/notes.ts\`; commit it
- \`npm run check\`: is it fit to be released?
- \`npm start\`: serves MCP on stdin and stdout; \`npm start -- -- --http\` over HTTP
- \`npm run build\`: \`dist/cli.js\`, which a host starts as \`node dist/cli.js\`
`;

/**
 * Writes a project of its own that npm can install.
 * @throws CommandError when this program was not built
 */
export function writeProject(folder: string, name: string): void {
  const file = path.join(template, 'template.json');
  if (!existsSync(file)) throw new CommandError('the template is not there: build this program first (pnpm build)');
  const { description, versions } = JSON.parse(readFileSync(file, 'utf8')) as {
    description: string;
    versions: Readonly<Record<string, string>>;
  };
  const pick = (...names: readonly string[]): Record<string, string | undefined> =>
    Object.fromEntries(names.map((each) => [each, versions[each]]));
  const manifest = {
    name,
    version: '0.1.0',
    private: true,
    description,
    bin: { [name]: 'dist/cli.js' },
    files: ['dist'],
    type: 'module',
    scripts: {
      start: 'mortise run',
      infer: 'mortise infer',
      check: 'mortise check',
      test: 'vitest run',
      build: 'tsc',
    },
    dependencies: pick('@electric-sql/pglite', '@mortise/database', '@mortise/toolkit', 'kysely'),
    devDependencies: pick('@mortise/testing', '@types/node', 'mortise', 'typescript', 'vitest'),
    engines: { node: '>=22' },
  };
  cpSync(path.join(template, 'src'), path.join(folder, 'src'), { recursive: true });
  const server = path.join(folder, 'src/server.ts');
  writeFileSync(server, renamed(readFileSync(server, 'utf8'), name));
  const files: Readonly<Record<string, string>> = {
    'package.json': json(manifest),
    'tsconfig.json': json({ compilerOptions, include: ['src'], exclude: ['src/**/*.test.ts'] }),
    'vitest.config.ts': vitestConfig,
    'README.md': readme(name),
    '.gitignore': 'node_modules\ndist\n',
  };
  for (const [each, text] of Object.entries(files)) writeFileSync(path.join(folder, each), text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
