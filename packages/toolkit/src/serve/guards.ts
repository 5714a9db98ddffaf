import { validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import type { IncomingHttpHeaders } from 'node:http';
import type { CrossOrigin } from './cross-origin.ts';

/** `URL` also finds a hostname in `user@host`, `host/path` and the like; a Host header holds a host and a port only. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[^\s:/?#@\\[\]]+)(?::\d*)?$/iu;

/**
 * Lets only requests pass whose Host and Origin are among the hostnames under which this server is reached, so that a
 * web page cannot reach it through the user's browser (DNS rebinding; specification, basic/transports, "Security
 * Warning"). Ports and case make no difference.
 */
export class Guard {
  readonly #allowed: string[];
  readonly #pages: CrossOrigin | undefined;
  /** The Host that passed last: nearly every request names the same. */
  #passed: string | undefined;

  constructor(allowed: readonly string[], pages?: CrossOrigin) {
    this.#allowed = [...allowed];
    this.#pages = pages;
  }

  /** Why a request is refused; undefined when it may pass. */
  refusal({ host, origin }: IncomingHttpHeaders): string | undefined {
    if (host === undefined || (host !== this.#passed && !AUTHORITY.test(host))) {
      return 'Missing or malformed Host header.';
    }
    if (host !== this.#passed && !validateHostHeader(host, this.#allowed).ok) {
      return 'The Host header names a host that this server is not reached by; its operator adds one with --allowed-host.';
    }
    this.#passed = host;
    if (this.#pages?.allows(origin) !== true && !validateOriginHeader(origin, this.#allowed).ok) {
      return 'The Origin header names a site that may not call this server; its operator adds one with --allowed-origin.';
    }
    return undefined;
  }
}
