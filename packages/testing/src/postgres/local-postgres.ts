import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { findLocalBinaries, isOpenToEveryone, unprivilegedAccount } from './local-binaries.ts';
import type { Account } from './local-binaries.ts';
import type { Postgres } from './start-postgres.ts';
import { postgresFlags } from './postgres-flags.ts';
import { readVersion } from './query.ts';

/**
 * The shell between us and the server. It holds the pipe that is our child's stdin: when this process ends, however it
 * ends, the read returns, the server is told to stop and its directory goes. No server outlives a killed test run.
 */
const GUARD = `exec 3<&0
"$0" "$@" 3<&- </dev/null & server=$!
{ read -r _ <&3; kill -INT $server; } >/dev/null 2>&1 &
wait $server; rm -rf "$BASE"`;

type Server = ChildProcessByStdio<Writable, null, Readable>;

/**
 * Starts a real Postgres server as a process of this machine, on a free loopback port, out of binaries from npm.
 *
 * Needs neither Docker nor root, and works as root too. The data lies in memory where there is room.
 *
 * @throws Error when there are no binaries for this platform or the server does not start; the message holds its log.
 */
export async function startLocalPostgres(): Promise<Postgres> {
  const binaries = await findLocalBinaries();
  const account = unprivilegedAccount();
  const base = mkdtempSync(join(dataParent(), 'mortise-postgres-'));
  const password = randomBytes(12).toString('hex');
  try {
    writeFileSync(join(base, 'password'), password, { mode: 0o600 });
    let root = binaries.root;
    if (account && !isOpenToEveryone(join(root, 'bin', 'postgres'))) {
      root = join(base, 'native');
      cpSync(binaries.root, root, { recursive: true, verbatimSymlinks: true });
    }
    if (account) execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, base]);
    await initialise(join(root, 'bin', 'initdb'), base, account);
    const { server, port } = await listen(join(root, 'bin', 'postgres'), base, account);
    const url = `postgres://test:${password}@127.0.0.1:${port}/postgres`;
    const version = await readVersion(url);
    return {
      url,
      description: `PostgreSQL ${version}, local process (${binaries.packageName})`,
      async [Symbol.asyncDispose]() {
        server.ref();
        const ended = once(server, 'exit');
        server.stdin.end();
        await ended;
      },
    };
  } catch (error) {
    rmSync(base, { recursive: true, force: true });
    throw error;
  }
}

/** Memory when a gigabyte of it is free: a fresh cluster is 40 MB, and a run seldom needs more than a few hundred. */
function dataParent(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > 2 ** 30) return '/dev/shm';
  } catch {
    // Only Linux has it.
  }
  return tmpdir();
}

async function initialise(initdb: string, base: string, account: Account | undefined): Promise<void> {
  const args = ['-D', join(base, 'data'), '-U', 'test', `--pwfile=${join(base, 'password')}`, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--no-locale', '--no-sync', '--no-instructions');
  const child = spawn(initdb, args, {
    ...account,
    env: environment(base),
    cwd: base,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (log += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${log.trim()}`);
}

/** A port that is free now may be taken a moment later, so the server gets three chances. */
async function listen(
  postgres: string,
  base: string,
  account: Account | undefined,
  attempts = 3,
): Promise<{ server: Server; port: number }> {
  const port = await freePort();
  const args = ['-D', join(base, 'data'), '-p', String(port), '-k', base, '-c', 'listen_addresses=127.0.0.1'];
  const server = spawn('/bin/sh', ['-c', GUARD, postgres, ...args, ...postgresFlags], {
    ...account,
    env: environment(base),
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  server.stdin.on('error', () => undefined);
  const log = await startupLog(server);
  if (/ready to accept connections/.test(log)) {
    server.unref();
    for (const pipe of [server.stdin, server.stderr]) (pipe as unknown as { unref(): void }).unref();
    return { server, port };
  }
  server.stdin.end();
  if (attempts > 1 && /Address already in use/.test(log)) return await listen(postgres, base, account, attempts - 1);
  throw new Error(`postgres did not start: ${log.trim()}`);
}

/** What the server says until it is ready or gone. */
function startupLog(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.once('error', reject);
    server.once('exit', () => resolve(log));
    server.stderr.setEncoding('utf8').on('data', function collect(text: string) {
      log += text;
      if (!log.includes('ready to accept connections')) return;
      server.stderr.off('data', collect).resume();
      resolve(log);
    });
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

function environment(base: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], BASE: base, LC_ALL: 'C', TZ: 'UTC' };
}
