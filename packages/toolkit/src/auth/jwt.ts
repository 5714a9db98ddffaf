import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';

import { CLOCK_SKEW, tokenOf } from './claims.ts';
import { secureUrl, type Issuer } from './issuer.ts';
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

/** Signatures with a key pair. Never `none`, and nothing with a shared secret: a public key would be taken for one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** What is checked of a JWT. */
export interface JwtOptions {
  readonly issuer: Issuer;
  /** What `aud` has to name. */
  readonly audience: string;
  /** Where the issuer's keys are, when its metadata does not say. */
  readonly jwks: string | undefined;
  /** Least time between two fetches of the keys, in milliseconds; default 10,000. */
  readonly refetchMs?: number;
}

/**
 * Checks access tokens that are JWTs (RFC 9068) against the issuer's published keys. The keys are kept for ten minutes
 * and fetched again for a key id that is not among them, so that the issuer may change them at any time.
 */
export class JwtVerifier implements TokenVerifier {
  readonly #options: JwtOptions;
  #keys: JWTVerifyGetKey | undefined;

  /** @throws ConfigurationError when `jwks` is no https URL */
  constructor(options: JwtOptions) {
    this.#options = options;
    if (options.jwks !== undefined) this.#keys = this.#keysAt(secureUrl(options.jwks, '--auth-jwks'));
  }

  async verify(token: string): Promise<VerifiedToken | undefined> {
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/u.test(token)) return undefined;
    this.#keys ??= await this.#discoveredKeys();
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer: this.#options.issuer.url,
        audience: this.#options.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_SKEW,
      });
      return tokenOf(payload);
    } catch (error) {
      if (isTokensFault(error)) return undefined;
      throw error;
    }
  }

  async #discoveredKeys(): Promise<JWTVerifyGetKey> {
    const { jwks_uri } = await this.#options.issuer.metadata();
    if (jwks_uri === undefined) throw new Error('the metadata of the issuer has no jwks_uri: give --auth-jwks');
    return this.#keysAt(secureUrl(jwks_uri, 'the jwks_uri of the issuer'));
  }

  #keysAt(url: URL): JWTVerifyGetKey {
    return createRemoteJWKSet(url, { cooldownDuration: this.#options.refetchMs ?? 10_000 });
  }
}

/** Everything that is wrong with a token; the rest is wrong with the keys or the way to them. */
function isTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}
