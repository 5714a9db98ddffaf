import { createHash } from 'node:crypto';

import { tokenOf } from './claims.ts';
import { secureUrl, type Issuer } from './issuer.ts';
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

/** Longest time that a revoked token goes on working, in milliseconds. */
const KEEP_MS = 30_000;

const MAX_KEPT = 10_000;

const TIMEOUT_MS = 5_000;

/** What a server needs to ask about tokens. */
export interface IntrospectionOptions {
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Answer {
  readonly token: Promise<VerifiedToken | undefined>;
  readonly until: number;
}

/**
 * Asks the issuer about each token (RFC 7662), be it a JWT or not. That a token is valid is believed for 30 seconds;
 * that it is not is asked again each time. Tokens are kept as hashes only.
 */
export class IntrospectionVerifier implements TokenVerifier {
  readonly #options: IntrospectionOptions;
  readonly #now: () => number;
  readonly #answers = new Map<string, Answer>();

  /** @param now - Milliseconds on a clock that only goes forward */
  constructor(options: IntrospectionOptions, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#now = now;
  }

  verify(token: string): Promise<VerifiedToken | undefined> {
    const key = createHash('sha256').update(token).digest('base64');
    const kept = this.#answers.get(key);
    if (kept && kept.until > this.#now()) return kept.token;
    const asked = this.#ask(token);
    this.#keep(key, asked);
    asked.then(
      (answer) => answer ?? this.#answers.delete(key),
      () => this.#answers.delete(key),
    );
    return asked;
  }

  /** Kept from the question on, so that requests at the same time ask once. */
  #keep(key: string, token: Answer['token']): void {
    this.#answers.delete(key);
    this.#answers.set(key, { token, until: this.#now() + KEEP_MS });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_KEPT && oldest !== undefined) this.#answers.delete(oldest);
  }

  async #ask(token: string): Promise<VerifiedToken | undefined> {
    const { issuer, clientId, clientSecret } = this.#options;
    const { introspection_endpoint: endpoint } = await issuer.metadata();
    if (endpoint === undefined) throw new Error('the issuer offers no introspection (RFC 7662)');
    const response = await fetch(secureUrl(endpoint, 'the introspection endpoint of the issuer'), {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: 'application/json', authorization: basic(clientId, clientSecret) },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    });
    if (!response.ok) {
      await response.body?.cancel();
      if (response.status === 400) return undefined; // not a token that it would give
      throw new Error(`the introspection endpoint of the issuer answered ${response.status}`);
    }
    const claims = (await response.json()) as Readonly<Record<string, unknown>>;
    const foreign = claims['iss'] !== undefined && claims['iss'] !== issuer.url;
    return claims['active'] === true && !foreign ? tokenOf(claims) : undefined;
  }
}

/** Client authentication of RFC 6749, section 2.3.1. */
function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`;
}

function formEncoded(value: string): string {
  return new URLSearchParams({ value }).toString().slice('value='.length);
}
