import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { docker, run } from './engine.ts';

/**
 * Where `docker` finds its command `compose`: undefined where it has it already, else a value for `DOCKER_CONFIG`. Then
 * it is Debian's, unpacked into this user's cache.
 */
export async function provideCompose(): Promise<string | undefined> {
  const present = await docker('compose', 'version').then(
    () => true,
    () => false,
  );
  if (present) return undefined;
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mortise/compose');
  if (!existsSync(folder)) {
    await mkdir(dirname(folder), { recursive: true });
    const script = join(import.meta.dirname, 'debian-root.sh');
    const unpacked = `${folder}.${process.pid}`;
    await run(script, ['trixie', unpacked, '-x', 'docker-cli', '-x', 'docker.io', 'docker-compose']);
    await rename(unpacked, folder).catch(() => rm(unpacked, { recursive: true })); // another run was quicker
  }
  return join(folder, 'usr/libexec/docker');
}
