import { validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import type { IncomingHttpHeaders } from 'node:http';
import type { CrossOrigin } from './cross-origin.ts';

/** `URL` also finds a hostname in `user@host`, `host/path` and the like; a Host header holds a host and a port only. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[^\s:/?#@\\[\]]+)(?::\d*)?$/iu;

/**
 * Why a request is refused: its Host or Origin is none of the hostnames under which this server is reached, so that a
 * web page cannot reach it through the user's browser (DNS rebinding; specification, basic/transports, "Security
 * Warning"). Undefined when it may pass. Ports and case make no difference.
 */
export function foreignRequest(
  headers: IncomingHttpHeaders,
  allowed: readonly string[],
  pages?: CrossOrigin,
): string | undefined {
  const { host, origin } = headers;
  if (host === undefined || !AUTHORITY.test(host)) return 'Missing or malformed Host header.';
  if (!validateHostHeader(host, [...allowed]).ok) {
    return 'The Host header names a host that this server is not reached by; its operator adds one with --allowed-host.';
  }
  if (pages?.allows(origin) !== true && !validateOriginHeader(origin, [...allowed]).ok) {
    return 'The Origin header names a site that may not call this server; its operator adds one with --allowed-origin.';
  }
  return undefined;
}
