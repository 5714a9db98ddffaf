import type { AuthInfo } from '@modelcontextprotocol/server';

import type { Auth } from '../context/context.ts';

const known = new WeakMap<AuthInfo, Auth>();

/** The caller as handlers and policies see it, of what the transport verified; nothing in it can be changed. */
export function authOf(info: AuthInfo | undefined): Auth | undefined {
  if (!info) return undefined;
  let auth = known.get(info);
  if (!auth) {
    const claims = Object.freeze(info.extra ?? {});
    const subject = typeof claims['sub'] === 'string' ? claims['sub'] : info.clientId;
    auth = Object.freeze({ subject, client: info.clientId, scopes: Object.freeze(info.scopes), claims });
    known.set(info, auth);
  }
  return auth;
}

/** Whom a session belongs to: the client and the user that the token was given for. */
export function principalOf(info: AuthInfo | undefined): string {
  return info ? JSON.stringify([info.clientId, info.extra?.['sub'] ?? null]) : '';
}
