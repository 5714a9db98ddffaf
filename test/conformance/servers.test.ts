import { expect, test } from 'vitest';

import { serveHttp } from '../acceptance/customer-db.ts';
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

test.each(Object.entries(scenarios))('customer-db passes what needs no fixture of %s', async (revision, names) => {
  await using server = await serveHttp({});
  for (const name of names) {
    const leg = ['--scenario', name, '--spec-version', revision];
    const { successes, problems } = await runSuite(server.url, leg);
    expect({ name, problems, ran: successes > 0 }).toEqual({ name, problems: [], ran: true });
  }
});
