import { tokenOf } from './claims.ts';
import { secureUrl, type Issuer } from './issuer.ts';
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

const TIMEOUT_MS = 5_000;

/** What a server needs to ask about tokens. */
export interface IntrospectionOptions {
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Asks the issuer about each token (RFC 7662), be it a JWT or not. */
export class IntrospectionVerifier implements TokenVerifier {
  readonly #options: IntrospectionOptions;

  constructor(options: IntrospectionOptions) {
    this.#options = options;
  }

  async verify(token: string): Promise<VerifiedToken | undefined> {
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
