import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

import { root } from '../readme/blocks.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/** The documentation, built as it is published and served as any file server would. */
export class Site implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @throws Error with what the generator said, such as of a link that leads nowhere */
  static async build(directory: string): Promise<Site> {
    const { status, stdout, stderr } = spawnSync('pnpm', ['exec', 'vitepress', 'build', '--outDir', directory], {
      cwd: join(root, 'docs'),
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '--conditions=@mortise/source' },
      shell: process.platform === 'win32',
    });
    if (status !== 0) throw new Error(`the site was not built:\n${stdout}${stderr}`);
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const page = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
      const file = extname(page) === '' ? `${page}.html` : page;
      readFile(join(directory, decodeURIComponent(file))).then(
        (bytes) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(bytes),
        () => response.writeHead(404).end(),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Site(server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
