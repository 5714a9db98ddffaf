import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { bundle } from '../bundle.ts';

/** The fixture server, built as the servers are. */
export interface Fixture extends AsyncDisposable {
  /** The bundle: `node <file>` serves over stdio. */
  readonly file: string;
  /** Serves it over HTTP on a free port until it is disposed; resolves with the URL. */
  listen(): Promise<string>;
}

/** @param entry - Which program in `src` to build */
export async function buildFixture(entry = 'server.ts'): Promise<Fixture> {
  const directory = await mkdtemp(join(tmpdir(), 'mortise-everything-'));
  const file = join(directory, 'everything.mjs');
  await bundle(join(import.meta.dirname, 'src', entry), file);
  await cp(join(import.meta.dirname, 'src/skills'), join(directory, 'skills'), { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  return {
    file,
    async listen() {
      const server = spawn(process.execPath, [file, '--http', '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
      const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
      stops.push(() => {
        server.kill('SIGTERM');
        return ended;
      });
      for await (const line of createInterface(server.stderr)) {
        const url = /http:\S+/.exec(line)?.[0];
        if (url !== undefined) {
          server.stderr.resume(); // what it logs is of no interest, but has to be read
          return url;
        }
      }
      throw new Error('the fixture server ended before it listened');
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(stops.map((stop) => stop()));
      await rm(directory, { recursive: true });
    },
  };
}
