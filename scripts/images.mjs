// Writes images/<server>/ for the Dockerfile: the bundle of each server and the packages that it is not bundled with.
// Bundle first: `npm run build`. Servers that are named on the command line, or all.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';

const [, , ...named] = process.argv;
const servers = named.length > 0 ? named : readdirSync('servers');

for (const server of servers) {
  if (!existsSync(`servers/${server}/dist/cli.js`)) {
    console.error(`servers/${server} is not bundled: npm run build.`);
    process.exit(1);
  }
  const folder = `images/${server}`;
  rmSync(folder, { recursive: true, force: true });
  const deploy = ['--prod', 'deploy', '--legacy', '--prefer-offline', '--config.node-linker=hoisted', folder];
  execFileSync('pnpm', ['--filter', `./servers/${server}`, ...deploy], { stdio: ['ignore', 'ignore', 'inherit'] });
  // pnpm's own notes say when and where
  for (const note of ['.modules.yaml', '.pnpm-workspace-state-v1.json', '.pnpm']) {
    rmSync(`${folder}/node_modules/${note}`, { recursive: true, force: true });
  }
}
