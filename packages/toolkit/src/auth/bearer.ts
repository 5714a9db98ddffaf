import { hash } from 'node:crypto';

/** A bearer token as a client sent it (RFC 6750, section 2.1). */
export interface Bearer {
  readonly token: string;
  /** What it is known by where it is kept. */
  readonly digest: string;
}

/** As the SDK reads the header; what is written in another way is its to judge. */
const BEARER = /^bearer ([^ ]+)$/i;

/**
 * Reads bearer tokens. A client sends the same one with every request, and to hash it takes longer than to call the tool:
 * what a connection said last, the token itself, is known for as long as the connection is there.
 */
export class Bearers {
  readonly #last = new WeakMap<object, Bearer & { readonly authorization: string }>();

  /**
   * @param connection - What the request came over; undefined where nobody knows: nothing is remembered then
   * @returns Undefined where the header holds no bearer token
   */
  read(authorization: string | undefined, connection: object | undefined): Bearer | undefined {
    if (authorization === undefined) return undefined;
    const last = connection && this.#last.get(connection);
    if (last?.authorization === authorization) return last;
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return undefined;
    const bearer = { authorization, token, digest: digestOf(token) };
    if (connection) this.#last.set(connection, bearer);
    return bearer;
  }
}

/** SHA-256, in base64. */
export function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
