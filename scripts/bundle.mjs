// Run in a server's folder: bundles it into dist/cli.js, one file that needs nothing but the package's dependencies.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { build } from 'esbuild';

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const [, oldestNode] = /^>=(\d+)/.exec(manifest.engines.node);
const [command] = Object.keys(manifest.bin);
const require = createRequire(join(process.cwd(), 'package.json'));

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  // The oldest Node that is told what it lacks, not the oldest that is supported: it has to parse the file to say so.
  target: 'node18',
  conditions: ['@mortise/source'],
  external: [...Object.keys(manifest.dependencies ?? {}), 'pg-native'],
  legalComments: 'none',
  // Half of the size is indentation and comments; names stay, and lines short enough for an error to point at one.
  minifyWhitespace: true,
  lineLimit: 160,
  metafile: true,
};

await rm('dist', { recursive: true, force: true });
await mkdir('dist');

const results = [
  await build({
    ...shared,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    banner: {
      js: [
        `if (Number.parseInt(process.versions.node) < ${oldestNode}) {`,
        `  console.error(\`${command} needs Node.js ${oldestNode} or newer; this is \${process.version}.\`);`,
        '  process.exit(1);',
        '}',
        "import { createRequire as createBundleRequire } from 'node:module';",
        'const require = createBundleRequire(import.meta.url);', // for pg, which is CommonJS
      ].join('\n'),
    },
  }),
];
await chmod('dist/cli.js', 0o755);

// A server's own thread, looked for beside cli.js.
if (existsSync('src/worker.ts')) {
  results.push(await build({ ...shared, entryPoints: ['src/worker.ts'], outfile: 'dist/worker.js' }));
}
// The embedded engine: the entry of its thread and the database it starts as, both looked for beside cli.js.
if (depends('@mortise/database')) {
  const entryPoints = ['@mortise/database/pglite-worker'];
  results.push(await build({ ...shared, entryPoints, outfile: 'dist/pglite-worker.js' }));
}
if (depends('@mortise/commerce')) {
  await copyFile(require.resolve('@mortise/commerce/template.tar.br'), 'dist/template.tar.br');
}

await writeFile(
  'dist/THIRD-PARTY-LICENSES',
  await licenses(results.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
);

function depends(name) {
  return name in (manifest.devDependencies ?? {});
}

/** The notices of every package that went into the bundle, which their licenses ask to be passed on. */
async function licenses(files) {
  const folders = new Set();
  for (const file of files) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/')) ?? [];
    if (folder) folders.add(folder);
  }
  const notices = new Map();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const names = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).toSorted();
    const texts = await Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')));
    notices.set(
      `${name} ${version}`,
      [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join('\n\n'),
    );
  }
  const sorted = [...notices].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return `${sorted.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
