import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { publicPackages } from './pack.ts';
import { root } from '../readme/blocks.ts';
import { serverJson } from './server-json.ts';

const REPOSITORY = 'https://github.com/mortise/mortise';
const servers = publicPackages
  .filter(({ isServer }) => isServer)
  .map((each) => ({ name: each.manifest.name, ...each }));

describe.each(servers)('$name in the MCP registry', ({ folder, manifest }) => {
  const written: unknown = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8'));

  it('is described in the form that the registry takes', () => {
    expect(serverJson.safeParse(written).error).toBeUndefined();
  });

  it('is the package that npm has', () => {
    const { name, version, description, mcpName, repository } = manifest;
    // The registry looks into the package for mcpName, and takes the namespace of the GitHub account that publishes.
    expect(mcpName).toBe(`io.github.mortise/${name.replace('@mortise/', '')}`);
    expect(repository).toEqual({
      type: 'git',
      url: `git+${REPOSITORY}.git`,
      directory: `servers/${name.replace('@mortise/', '')}`,
    });
    expect(written).toMatchObject({
      name: mcpName,
      version,
      description,
      repository: { url: REPOSITORY, subfolder: repository.directory },
      packages: [{ identifier: name, version }],
    });
  });

  it('names options and variables that the command has', () => {
    const help = execFileSync(process.execPath, [join(folder, 'dist/cli.js'), '--help'], { encoding: 'utf8' });
    for (const { environmentVariables = [], packageArguments = [] } of serverJson.parse(written).packages) {
      for (const { name } of environmentVariables) expect(help).toContain(`(${name})`);
      for (const argument of packageArguments) {
        expect(help).toContain(argument.type === 'named' ? ` ${argument.name} ` : ` <${argument.valueHint}>`);
      }
    }
  });
});

it('all packages are released together, under one version', () => {
  const { fixed } = JSON.parse(readFileSync(join(root, '.changeset/config.json'), 'utf8')) as { fixed: string[][] };
  // A server holds the toolkit, and `mortise new` writes the command's own version for all of them.
  expect(fixed).toEqual([publicPackages.map(({ manifest }) => manifest.name).toSorted()]);
  expect(new Set(publicPackages.map(({ manifest }) => manifest.version)).size).toBe(1);
});
