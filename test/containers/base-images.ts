import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { docker, run } from './engine.ts';

const here = import.meta.dirname;

/** Where a registry answers, the images of the Dockerfile and of deploy/compose.yaml; else stand-ins of this machine. */
export interface BaseImages {
  readonly build: string;
  readonly runtime: string;
  readonly proxy: string;
  readonly postgres: string;
}

/** Finds the images, pulls them or builds stand-ins, which are kept until their recipe changes. */
export async function provideBaseImages(): Promise<BaseImages> {
  const { POSTGRES_IMAGE } = process.env;
  const [build, runtime] = await official('node:24-slim', 'gcr.io/distroless/cc-debian13:nonroot').catch(() =>
    standIn('node', 'mortise-node', 'mortise-runtime'),
  );
  const [proxy] = await official('haproxy:3.0-alpine').catch(() => standIn('haproxy', 'mortise-haproxy'));
  const [postgres] =
    POSTGRES_IMAGE === undefined
      ? await official('postgres:17-alpine').catch(() => standIn('postgres', 'mortise-postgres'))
      : [POSTGRES_IMAGE];
  return { build, runtime, proxy, postgres } as BaseImages;
}

/** @throws Error (rejects) when one is neither here nor in a registry that answers */
async function official(...tags: readonly string[]): Promise<readonly string[]> {
  for (const tag of tags) {
    if (!(await isHere(tag))) await run('docker', ['pull', '--quiet', tag], { timeout: 120_000 });
  }
  return tags;
}

async function standIn(recipe: string, ...names: readonly string[]): Promise<readonly string[]> {
  const hash = createHash('sha256').update(await readFile(join(here, 'debian-root.sh')));
  for (const file of (await readdir(join(here, recipe))).toSorted())
    hash.update(await readFile(join(here, recipe, file)));
  // the recipe of node takes in the program that runs this
  const version = `${process.versions.node}-${hash.digest('hex').slice(0, 12)}`;
  const tags = names.map((name) => `${name}:${version}`);
  const present = await Promise.all(tags.map((tag) => isHere(tag)));
  if (!present.every(Boolean)) await run(join(here, recipe, 'build.sh'), tags);
  return tags;
}

async function isHere(tag: string): Promise<boolean> {
  return await docker('image', 'inspect', tag).then(
    () => true,
    () => false,
  );
}
