import type { AuthInfo } from '@modelcontextprotocol/server';

import type { Auth } from '../context/context.ts';

/** The caller as handlers and policies see it, of what the transport verified. */
export function authOf(info: AuthInfo | undefined): Auth | undefined {
  if (!info) return undefined;
  const claims = info.extra ?? {};
  const subject = typeof claims['sub'] === 'string' ? claims['sub'] : info.clientId;
  return { subject, client: info.clientId, scopes: info.scopes, claims };
}

/** Whom a session belongs to: the client and the user that the token was given for. */
export function principalOf(info: AuthInfo | undefined): string {
  return info ? JSON.stringify([info.clientId, info.extra?.['sub'] ?? null]) : '';
}
