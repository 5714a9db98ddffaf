import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { EmptyHome } from '../packaging/empty-home.ts';
import { pack, publicPackages } from '../packaging/pack.ts';
import { ask, questions } from '../packaging/questions.ts';

const nodes = (process.env['TEST_NODES'] ?? process.execPath).split(path.delimiter).map((node) => {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { node, version, supported: Number.parseInt(version.slice(1), 10) >= 22 };
});

let home: EmptyHome;

// What npm makes of the packed servers, whatever Node then runs them.
beforeAll(() => {
  home = new EmptyHome();
  const { workFolder: cwd, environment: env } = home;
  const servers = publicPackages.filter(({ isServer }) => isServer);
  execFileSync('npm', ['install', ...pack(cwd, servers).values()], { cwd, env, stdio: 'pipe' });
}, 120_000);
afterAll(() => home[Symbol.dispose]());

describe.each(Object.entries(questions))('%s', (name, question) => {
  const cli = () => path.join(home.workFolder, 'node_modules', name, 'dist/cli.js');

  it.each(nodes.filter(({ supported }) => supported))('runs on Node $version', async ({ node }) => {
    const { answer, stderr } = await ask(question, { command: node, args: [cli()] }, '2026-07-28');
    expect(answer).toContain(question.answer);
    expect(stderr).toBe('');
  });

  it.each(nodes.filter(({ supported }) => !supported))('tells Node $version what it lacks', ({ node, version }) => {
    const { status, stdout, stderr } = spawnSync(node, [cli(), '--version'], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `${path.basename(name)} needs Node.js 22 or newer; this is ${version}.\n`,
    });
  });
});
