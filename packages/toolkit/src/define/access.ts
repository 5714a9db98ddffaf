import type { Auth } from '../context/context.ts';

/**
 * Who may have an entry. Where callers are authenticated, an entry that names none of the three is denied to everyone:
 * what a server offers is never wider than somebody decided.
 */
export interface AccessOptions {
  /**
   * The scopes that a call needs, all of them. Without them it is refused in a way that lets the client ask for them
   * (403 `insufficient_scope` over HTTP); the entry is listed all the same, unless the server hides it.
   */
  readonly scopes?: readonly [string, ...string[]];
  /**
   * Whether the caller may know that the entry exists: if not, it is not listed, and a call is answered as that of an
   * unknown name. A function of the authorization alone, as the specification wants of lists; an error counts as no.
   */
  readonly visible?: (auth: Auth) => boolean;
  /** Every authenticated caller may have it. */
  readonly public?: true;
}
