import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { provideBaseImages, type BaseImages } from './base-images.ts';
import { provideCompose } from './compose-plugin.ts';
import { docker, run } from './engine.ts';

/** What is built once for all tests here. */
export interface Containers {
  readonly base: BaseImages;
  /** The images are `<registry>/<server>:<tag>`, and those that speak over stdio `<registry>/<server>-stdio:<tag>`. */
  readonly registry: string;
  readonly tag: string;
  /** `DOCKER_CONFIG` for `docker compose`. */
  readonly dockerConfig: string | undefined;
}

declare module 'vitest' {
  interface ProvidedContext {
    containers: Containers;
  }
}

const root = join(import.meta.dirname, '../..');
const SERVERS = ['customer-db', 'filesystem-readonly', 'orders'];

/** Builds the images of the servers out of their bundles, without any registry where there is none. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const base = await provideBaseImages();
  const dockerConfig = await provideCompose();
  await run(process.execPath, ['scripts/images.mjs', ...SERVERS], { cwd: root });
  const registry = 'mortise-test';
  const tag = String(process.pid);
  const tags: string[] = [];
  for (const server of SERVERS) {
    const bases = ['--build-arg', `BUILD_IMAGE=${base.build}`, '--build-arg', `RUNTIME_IMAGE=${base.runtime}`];
    for (const target of ['stdio', 'http']) {
      const name = `${registry}/${server}${target === 'stdio' ? '-stdio' : ''}:${tag}`;
      await docker(
        'build',
        '--quiet',
        '--target',
        target,
        '--build-arg',
        `SERVER=${server}`,
        ...bases,
        '--tag',
        name,
        root,
      );
      tags.push(name);
    }
  }
  provide('containers', { base, registry, tag, dockerConfig });
  return async () => {
    await docker('rmi', '--force', ...tags);
    await docker('image', 'prune', '--force', '--filter', 'label=mortise.stage');
  };
}
