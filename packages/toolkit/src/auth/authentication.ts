import {
  bearerAuthChallengeResponse,
  buildOAuthProtectedResourceMetadata,
  getOAuthProtectedResourceMetadataUrl,
  OAuthError,
  OAuthErrorCode,
  verifyBearerToken,
  type AuthInfo,
} from '@modelcontextprotocol/server';

import type { Awaitable } from '../define/definitions.ts';
import { errorAnswer, CODES } from '../serve/json-rpc-error.ts';
import { reasonOf, report } from '../serve/report.ts';
import { Bearers, type Bearer } from './bearer.ts';
import type { AskedVerifier, VerifiedToken } from './token-verifier.ts';

/** What tokens are checked against. */
export interface AuthenticationSource {
  /** Name of the server. */
  readonly name: string;
  /** In the order in which they are asked, with a token and its digest; the first that knows the token decides. */
  readonly verifiers: readonly AskedVerifier[];
  /** What `aud` of a token has to name. */
  readonly audience: string;
  /** The URL of the MCP endpoint as clients write it, and who gives tokens for it; undefined where nobody does. */
  readonly resource: { readonly url: URL; readonly issuer: string } | undefined;
  /** Every scope that some entry needs. */
  readonly scopes: readonly string[];
}

/**
 * Who sends a request: checks the bearer token of every one of them (specification, basic/authorization), and tells
 * those without one where to get it (RFC 9728).
 */
export class Authentication {
  readonly #source: AuthenticationSource;
  /** Stands for the audience where the SDK wants a URL. */
  readonly #resource: URL;
  readonly #metadataUrl: string | undefined;
  readonly #metadata: string | undefined;
  /** Where the metadata is read. */
  readonly #metadataPaths: ReadonlySet<string>;
  readonly #bearers = new Bearers();
  /** Of the tokens that were good: only their end is left to be looked at. */
  readonly #accepted = new WeakMap<VerifiedToken, AuthInfo>();
  #told = '';

  constructor(source: AuthenticationSource) {
    const { name, resource, scopes } = source;
    this.#source = source;
    this.#resource = resource?.url ?? new URL('urn:mortise:server');
    this.#metadataPaths = new Set();
    if (!resource) return;
    this.#metadataUrl = getOAuthProtectedResourceMetadataUrl(resource.url);
    const root = '/.well-known/oauth-protected-resource';
    this.#metadataPaths = new Set([root, `${root}/mcp`, new URL(this.#metadataUrl).pathname]);
    const document = buildOAuthProtectedResourceMetadata({
      oauthMetadata: { issuer: resource.issuer } as never, // the only field that is read
      resourceServerUrl: resource.url,
      dangerouslyAllowInsecureIssuerUrl: true, // the configuration decides, and allows it for this machine only
      resourceName: name,
      ...(scopes.length > 0 && { scopesSupported: [...scopes] }),
    });
    this.#metadata = JSON.stringify({ ...document, bearer_methods_supported: ['header'] });
  }

  /** The protected resource metadata, when it is what `path` asks for. */
  metadata(path: string): string | undefined {
    return this.#metadataPaths.has(path) ? this.#metadata : undefined;
  }

  /**
   * The caller, or the answer that refuses the request. At once where the token was found to be good before and no
   * verifier has to be waited for: a promise for each request costs as much as the call behind it.
   * @param connection - What the request came over, such as a socket: the same token over it is not read anew
   */
  authenticate(authorization: string | undefined, connection?: object): AuthInfo | Promise<AuthInfo | Response> {
    const bearer = this.#bearers.read(authorization, connection);
    if (bearer === undefined) return this.#check(authorization);
    let verified: Awaitable<VerifiedToken | undefined>;
    try {
      verified = this.#verify(bearer);
    } catch (error) {
      return this.#check(authorization, Promise.reject(error));
    }
    const info = verified && !('then' in verified) ? this.#accepted.get(verified) : undefined;
    if (info?.expiresAt !== undefined && info.expiresAt >= Date.now() / 1_000) return info;
    return this.#check(authorization, verified);
  }

  async #check(
    authorization: string | undefined,
    verified?: Awaitable<VerifiedToken | undefined>,
  ): Promise<AuthInfo | Response> {
    const challenge = this.#metadataUrl === undefined ? {} : { resourceMetadataUrl: this.#metadataUrl };
    try {
      const token = await verified;
      const verifier = { verifyAccessToken: async () => this.#infoOf(token) };
      const info = await verifyBearerToken(authorization, { verifier, expectedResource: this.#resource, ...challenge });
      if (token) this.#accepted.set(token, info);
      this.#told = '';
      return info;
    } catch (error) {
      if (error instanceof OAuthError) return bearerAuthChallengeResponse(error, challenge);
      this.#tell(reasonOf(error));
      const answer = errorAnswer(null, CODES.refused, 'Tokens cannot be checked now. Try again in a moment.');
      return Response.json(answer, { status: 503, headers: { 'retry-after': '5' } });
    }
  }

  /** What the first verifier from `index` on that knows the token says of it. */
  #verify(bearer: Bearer, index = 0): Awaitable<VerifiedToken | undefined> {
    const verifier = this.#source.verifiers[index];
    if (!verifier) return undefined;
    const verified = verifier.verify(bearer.token, bearer.digest);
    if (verified && 'then' in verified) return verified.then((said) => said ?? this.#verify(bearer, index + 1));
    return verified ?? this.#verify(bearer, index + 1);
  }

  /** Without the token itself: nothing behind this may pass it on or write it down. */
  #infoOf(verified: VerifiedToken | undefined): AuthInfo {
    if (!verified) throw new OAuthError(OAuthErrorCode.InvalidToken, 'The token is not valid');
    const { subject, client, scopes, audience, expiresAt, claims } = verified;
    return {
      token: '',
      clientId: client,
      scopes: [...scopes],
      expiresAt,
      ...(audience.includes(this.#source.audience) && { resource: this.#resource }),
      extra: { ...claims, sub: subject },
    };
  }

  /** Once for each reason, not once for each request. */
  #tell(reason: string): void {
    if (reason !== this.#told) report(`${this.#source.name}: tokens cannot be checked: ${reason}`);
    this.#told = reason;
  }
}
