import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Endpoint } from './endpoint.ts';
import { reasonOf, report } from './report.ts';
import { within } from './within.ts';

/**
 * The two probes. `/healthz`: the process answers. `/readyz`: it can do its work and takes more of it. Both tell
 * nothing else, since everyone who reaches the port may ask.
 */
export class Health {
  readonly #endpoint: Endpoint;
  readonly #readyMs: number;
  #draining = false;
  #check: Promise<boolean> | undefined;
  #told = '';

  /** @param readyMs - Longest wait for the server to get ready, in milliseconds */
  constructor(endpoint: Endpoint, readyMs: number) {
    this.#endpoint = endpoint;
    this.#readyMs = readyMs;
  }

  /** From now on the server is not ready. */
  drain(): void {
    this.#draining = true;
  }

  /** Answers a probe; false when the path is none. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    if (path !== '/healthz' && path !== '/readyz') return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else if (path === '/healthz') {
      write(response, 200, 'ok');
    } else {
      void this.#ready().then((ready) => write(response, ready ? 200 : 503, ready ? 'ready' : 'not ready'));
    }
    return true;
  }

  /** One check at a time, however many probes ask. */
  async #ready(): Promise<boolean> {
    if (this.#draining) return false;
    this.#check ??= this.#ask().finally(() => (this.#check = undefined));
    return (await this.#check) && !this.#draining;
  }

  async #ask(): Promise<boolean> {
    let problem = `no answer within ${this.#readyMs} ms`;
    const signal = AbortSignal.timeout(this.#readyMs);
    const asking = this.#endpoint.ready(signal).then(
      () => (problem = ''),
      (error: unknown) => (problem = reasonOf(error)),
    );
    await within(asking, this.#readyMs);
    if (problem !== this.#told && problem !== '') report(`${this.#endpoint.name}: not ready: ${problem}`);
    this.#told = problem;
    return problem === '';
  }
}

function write(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.end(`${text}\n`);
}
