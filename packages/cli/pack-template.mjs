// Puts what `mortise new` copies into this package: servers/template, and the versions that its dependencies have here.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';

const from = new URL('../../servers/template/', import.meta.url);
const to = new URL('template/', import.meta.url);
await rm(to, { recursive: true, force: true });
await cp(new URL('src', from), new URL('src', to), { recursive: true });
const { description, dependencies, devDependencies } = JSON.parse(
  await readFile(new URL('package.json', from), 'utf8'),
);
const { version } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'));
const workspace = await readFile(new URL('../../pnpm-workspace.yaml', import.meta.url), 'utf8');

function versionOf([name, range]) {
  if (range.startsWith('workspace:')) return [name, `^${version}`];
  const [, pinned] = new RegExp(`^ {2}'?${name}'?: (\\S+)$`, 'm').exec(workspace);
  return [name, `^${pinned}`];
}

const tools = { '@types/node': 'catalog:', typescript: 'catalog:', vitest: 'catalog:' };
const versions = Object.fromEntries(Object.entries({ ...dependencies, ...devDependencies, ...tools }).map(versionOf));
await writeFile(new URL('template.json', to), `${JSON.stringify({ description, versions }, null, 2)}\n`);
