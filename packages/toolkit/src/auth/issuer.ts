import { ConfigurationError } from '../define/configuration-error.ts';

/** What a resource server needs of an authorization server's metadata (RFC 8414, OpenID Connect Discovery). */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwks_uri?: string;
  readonly introspection_endpoint?: string;
}

/** How long the authorization server may take to answer, in milliseconds. */
const TIMEOUT_MS = 5_000;

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * A URL that keys and tokens may travel to: https, or this machine.
 * @param what - The option that gives it, for the message
 * @throws ConfigurationError when it is something else
 */
export function secureUrl(text: string, what: string): URL {
  const url = URL.parse(text);
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL.has(url.hostname));
  if (url && secure && url.username === '' && url.hash === '') return url;
  throw new ConfigurationError(`${what} has to be a URL that begins with https:// (http:// for this machine only).`);
}

/** An authorization server, known by its issuer; its metadata is asked for when it is first needed. */
export class Issuer {
  readonly url: string;
  #metadata: Promise<IssuerMetadata> | undefined;

  /** @throws ConfigurationError when the issuer is no https URL */
  constructor(url: string) {
    if (secureUrl(url, '--auth-issuer').search !== '') throw new ConfigurationError('--auth-issuer has no query.');
    this.url = url;
  }

  /** The metadata; a failure is not kept, so that a server that starts first finds its issuer later. */
  metadata(): Promise<IssuerMetadata> {
    this.#metadata ??= this.#discover().catch((error: unknown) => {
      this.#metadata = undefined;
      throw error;
    });
    return this.#metadata;
  }

  async #discover(): Promise<IssuerMetadata> {
    const { origin, pathname } = new URL(this.url);
    const path = pathname.replace(/\/$/u, '');
    const places = [
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ];
    for (const place of new Set(places)) {
      const response = await fetch(place, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
      const found = response.ok
        ? ((await response.json().catch(() => undefined)) as IssuerMetadata | undefined)
        : undefined;
      if (!response.ok) await response.body?.cancel();
      if (found?.issuer === this.url) return found;
      if (typeof found?.issuer === 'string') {
        throw new Error(`the issuer calls itself ${found.issuer}, not ${this.url}: give --auth-issuer as it does`);
      }
    }
    throw new Error(`the issuer ${this.url} has no metadata that could be read`);
  }
}
