import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('peers', import.meta.url));

/** Installs what the benchmark compares with; the workspace itself does without it. False when it cannot be had. */
export function installPeers(): boolean {
  if (existsSync(`${folder}/node_modules`)) return true;
  try {
    const options = ['--ignore-workspace', '--ignore-scripts', '--frozen-lockfile'];
    execFileSync('pnpm', ['install', ...options], {
      cwd: folder,
      stdio: 'ignore',
      shell: process.platform === 'win32',
    });
    return true;
  } catch {
    console.error('The peers could not be installed: this run has no more than the floor to compare with.');
    return false;
  }
}
