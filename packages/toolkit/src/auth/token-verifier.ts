import type { Awaitable } from '../define/definitions.ts';

/** What a token says, once it is found to be genuine. */
export interface VerifiedToken {
  /** Whom it was given for: a user or a service account. */
  readonly subject: string;
  /** The OAuth client or API key that uses it. */
  readonly client: string;
  readonly scopes: readonly string[];
  /** For whom it is (`aud`); one of them has to be what the operator gave as audience. */
  readonly audience: readonly string[];
  /** When it expires, in seconds since 1970. A token without an end is refused. */
  readonly expiresAt: number;
  /** Everything else that is known of the caller; `ctx.auth.claims`. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Checks access tokens. */
export interface TokenVerifier {
  /**
   * @param token - Any text that a client sent
   * @returns What it says; undefined when it is not valid, so that another verifier may know it. The same object again
   * means that nothing has changed: of it only the end is looked at anew
   * @throws Error when it cannot be checked now, such as without the authorization server: the client gets 503
   */
  verify(token: string): Awaitable<VerifiedToken | undefined>;
}

/** How verifiers are asked: those of this package spare themselves to hash what the connection already has. */
export interface AskedVerifier {
  /** @param digest - `digestOf` the token */
  verify(token: string, digest: string): Awaitable<VerifiedToken | undefined>;
}
