import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

import { expect, test } from 'vitest';

import { root } from '../readme/blocks.ts';
import { runSuite } from './suite.ts';

/** The scenarios that need no tools of their own, by the revision they are run in. */
const scenarios = {
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
    'server-session-lifecycle',
    'server-sse-multiple-streams',
  ],
  '2026-07-28': [
    'tools-list',
    'resources-list',
    'prompts-list',
    'sep-2164-resource-not-found',
    'caching',
    'http-header-validation',
    'dns-rebinding-protection',
    'server-sse-multiple-streams',
  ],
} as const;

/** What a server has to be told to serve at all. */
const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  'filesystem-readonly': [join(root, 'servers/filesystem-readonly/demo')],
};

const servers = globSync('servers/*/src/cli.ts', { cwd: root }).map((file) => basename(join(root, file, '../..')));

/** Serves the bundle of a server over HTTP, as npm would install it. */
async function serve(name: string): Promise<AsyncDisposable & { url: string }> {
  const file = join(root, 'servers', name, 'dist/cli.js');
  const server = spawn(process.execPath, [file, ...(OPERANDS[name] ?? []), '--http', '--port', '0'], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(server, 'exit');
  const told: string[] = [];
  for await (const line of createInterface(server.stderr)) {
    told.push(line);
    const [, url] = /listens on (http:\S+)/.exec(line) ?? [];
    if (url === undefined) continue;
    server.stderr.resume(); // what it logs is of no interest, but has to be read
    return {
      url,
      async [Symbol.asyncDispose]() {
        server.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`${name} ended before it listened: ${told.join('\n')}`);
}

test('there are servers to look at', () => {
  expect(servers).toContain('customer-db');
});

test.each(servers)('%s passes what needs no fixture', async (name) => {
  await using server = await serve(name);
  for (const [revision, names] of Object.entries(scenarios)) {
    // a process for each, which is where the time goes
    const found = await Promise.all(
      names.map(async (scenario) => {
        const leg = ['--scenario', scenario, '--spec-version', revision];
        const { successes, problems } = await runSuite(server.url, leg);
        return { scenario, problems, ran: successes > 0 };
      }),
    );
    expect(found).toEqual(names.map((scenario) => ({ scenario, problems: [], ran: true })));
  }
});
