import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { TestDatabase } from '@mortise/testing/postgres';

/** The bundle, as npm would install it. */
export const cli: string = fileURLToPath(
  new URL('dist/cli.js', import.meta.resolve('@mortise/customer-db/package.json')),
);

/** What a server needs to find its database, whose login is a superuser; nothing, for the embedded one. */
export function environmentFor({ url }: Pick<TestDatabase, 'url'>): Record<string, string> {
  return url === undefined ? {} : { DATABASE_URL: url, DB_ALLOW_SUPERUSER: '1' };
}

/** A server process over HTTP. Disposing of it sends SIGTERM and waits. */
export interface HttpServer extends AsyncDisposable {
  /** Of the MCP endpoint. */
  readonly url: string;
  /** What it has written to stderr. */
  readonly log: () => string;
}

/** Starts `customer-db --http`, or another server's bundle, on a port of the system's choice. */
export async function serveHttp(environment: Record<string, string>, bundle: string = cli): Promise<HttpServer> {
  const server = spawn(process.execPath, [bundle, '--http', '--port', '0'], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let log = '';
  const url = await new Promise<string>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log}`)));
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const [, address] = /listens on (http:\S+)/.exec(log) ?? [];
      if (address) resolve(address);
    });
  });
  return {
    url,
    log: () => log,
    async [Symbol.asyncDispose]() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
  };
}
