// Run in a server's folder: bundles it into dist/cli.js, one file that needs nothing but the package's dependencies.
// A folder that is named takes the place of dist.
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { build } from 'esbuild';

import { bundleOptions } from './bundle-options.ts';

const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const [, oldestNode] = /^>=(\d+)/.exec(manifest.engines.node);
const [command] = Object.keys(manifest.bin);
const require = createRequire(join(process.cwd(), 'package.json'));
const [, , folder = 'dist'] = process.argv;

const shared = {
  ...bundleOptions,
  // The oldest Node that is told what it lacks, not the oldest that is supported: it has to parse the file to say so.
  target: 'node18',
  external: [...Object.keys(manifest.dependencies ?? {}), 'pg-native'],
  metafile: true,
};

await rm(folder, { recursive: true, force: true });
await mkdir(folder);

const results = [
  await build({
    ...shared,
    entryPoints: ['src/cli.ts'],
    outfile: join(folder, 'cli.js'),
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
await chmod(join(folder, 'cli.js'), 0o755);

// A server's own thread, looked for beside cli.js.
if (existsSync('src/worker.ts')) {
  results.push(await build({ ...shared, entryPoints: ['src/worker.ts'], outfile: join(folder, 'worker.js') }));
}
// The embedded engine: the entry of its thread and the database it starts as, both looked for beside cli.js.
if (depends('@mortise/database')) {
  const entryPoints = ['@mortise/database/pglite-worker'];
  results.push(await build({ ...shared, entryPoints, outfile: join(folder, 'pglite-worker.js') }));
}
if (depends('@mortise/commerce')) {
  await copyFile(require.resolve('@mortise/commerce/template.tar.br'), join(folder, 'template.tar.br'));
}

const bundled = await packages(results.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
const beside = Object.keys(manifest.dependencies ?? {}).map((name) => join('node_modules', name));
await writeFile(join(folder, 'THIRD-PARTY-LICENSES'), await licenses(bundled));
await writeFile(join(folder, 'sbom.cdx.json'), billOfMaterials([...bundled, ...(await packages(beside))]));

function depends(name) {
  return name in (manifest.devDependencies ?? {});
}

/** The packages that files belong to, each once, in the order of their names. */
async function packages(files) {
  const found = new Map();
  for (const file of files) {
    const [path] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/')) ?? [];
    if (!path) continue;
    const { name, version, license } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
    found.set(`${name} ${version}`, { path, name, version, license });
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** The notices of every package that went into the bundle, which their licenses ask to be passed on. */
async function licenses(parts) {
  const notices = [];
  for (const { path, name, version, license } of parts) {
    const names = (await readdir(path)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).toSorted();
    const texts = await Promise.all(names.map((file) => readFile(join(path, file), 'utf8')));
    notices.push([`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join('\n\n'));
  }
  return `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** What the server is made of and needs at run time, as CycloneDX 1.6; without a time or a number of its own. */
function billOfMaterials(parts) {
  const server = component('application', manifest);
  const components = parts.map((each) => component('library', each));
  const dependencies = [{ ref: server.purl, dependsOn: components.map(({ purl }) => purl) }];
  const document = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata: { component: server } };
  return `${JSON.stringify({ ...document, components, dependencies }, null, 2)}\n`;
}

function component(type, { name, version, license }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { type, 'bom-ref': purl, name, version, licenses: [{ expression: license }], purl };
}
