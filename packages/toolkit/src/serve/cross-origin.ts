import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConfigurationError } from '../define/configuration-error.ts';

/** What a page may send besides the headers that every page may (specification 2026-07-28, basic/transports). */
const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'accept',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'last-event-id',
];

/** Headers that repeat an argument of a tool (SEP-2243); which ones, the tool says. */
const PARAMETER_HEADER = /^mcp-param-[\w-]{1,64}$/iu;

/**
 * Lets the web pages of some origins call the server from a browser (CORS, https://fetch.spec.whatwg.org). Nobody else's
 * page can send a message, since that needs a preflight.
 */
export class CrossOrigin {
  readonly #origins: ReadonlySet<string>;

  /** @throws ConfigurationError when one is no origin as a browser writes it */
  constructor(origins: readonly string[]) {
    for (const origin of origins) {
      if (!/^https?:/.test(origin) || URL.parse(origin)?.origin !== origin) {
        throw new ConfigurationError(
          '--allowed-origin takes the origin of a page as a browser sends it, without a path or *: https://host.example.',
        );
      }
    }
    this.#origins = new Set(origins);
  }

  allows(origin: string | undefined): boolean {
    return origin !== undefined && this.#origins.has(origin);
  }

  /** Adds what lets the page read the answer; true when the request was a preflight, which is answered then. */
  answer({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
    if (!this.allows(headers.origin)) return false;
    response.setHeader('access-control-allow-origin', headers.origin ?? '');
    response.setHeader('vary', 'origin');
    response.setHeader('access-control-expose-headers', 'mcp-session-id, www-authenticate');
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false;
    const asked = (headers['access-control-request-headers'] ?? '').split(',').map((name) => name.trim());
    const parameters = asked.filter((name) => PARAMETER_HEADER.test(name));
    response.writeHead(204, {
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': [...ALLOWED_HEADERS, ...parameters].join(', '),
      'access-control-max-age': '600',
    });
    response.end();
    return true;
  }
}
