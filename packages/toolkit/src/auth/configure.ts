import { ConfigurationError } from '../define/configuration-error.ts';
import { ApiKeyFile } from './api-key-file.ts';
import { ApiKeyVerifier } from './api-keys.ts';
import { Authentication, type AuthenticationSource } from './authentication.ts';
import { BelievedTokens } from './believed-tokens.ts';
import { Issuer } from './issuer.ts';
import type { AuthenticationSettings } from './settings.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** The audience of API keys where there is nothing but them: they are for this server and nothing else. */
const THIS_SERVER = 'urn:mortise:server';

/**
 * The authentication that the operator configured, with what the server brings along.
 * @throws ConfigurationError when something is missing or contradicts itself
 */
export async function configureAuthentication(
  settings: AuthenticationSettings = {},
  server: { readonly name: string; readonly scopes: readonly string[]; readonly verifier: TokenVerifier | undefined },
): Promise<Authentication> {
  assertComplete(settings, server.verifier !== undefined);
  const audience = settings.audience ?? THIS_SERVER;
  const issuer = settings.issuer === undefined ? undefined : new Issuer(settings.issuer);
  const { verifier } = server;
  const verifiers = [
    ...(verifier ? [{ verify: (token: string) => verifier.verify(token) }] : []),
    ...(await apiKeyVerifiers(settings, audience)),
    ...(issuer ? [await issuerVerifier(settings, issuer, audience)] : []),
  ];
  const resource = issuer && { url: resourceUrl(settings), issuer: issuer.url };
  const source: AuthenticationSource = { name: server.name, scopes: server.scopes, verifiers, audience, resource };
  return new Authentication(source);
}

function assertComplete(settings: AuthenticationSettings, ownVerifier: boolean): void {
  const { issuer, audience, jwks, introspection, clientId, clientSecret, apiKeys, apiKeysFile } = settings;
  if ((issuer ?? apiKeys ?? apiKeysFile) === undefined && !ownVerifier) {
    throw new ConfigurationError('There is nothing to check callers against: add --auth-issuer or --api-keys.');
  }
  if (issuer === undefined && (jwks !== undefined || introspection)) {
    throw new ConfigurationError('--auth-jwks and --auth-introspection need --auth-issuer.');
  }
  if ((issuer !== undefined || ownVerifier) && audience === undefined) {
    throw new ConfigurationError(
      'Authentication needs --auth-audience: the URL of the MCP endpoint as clients write it, for which tokens are given.',
    );
  }
  if (introspection && (!clientId || !clientSecret)) {
    throw new ConfigurationError(
      '--auth-introspection needs the variables MORTISE_AUTH_CLIENT_ID and MORTISE_AUTH_CLIENT_SECRET.',
    );
  }
}

/** Loaded when it is used: a server with API keys needs no jose. */
async function issuerVerifier(
  { introspection, clientId = '', clientSecret = '', jwks }: AuthenticationSettings,
  issuer: Issuer,
  audience: string,
): Promise<TokenVerifier> {
  if (introspection) {
    const { IntrospectionVerifier } = await import('./introspection.ts');
    return new BelievedTokens(new IntrospectionVerifier({ issuer, clientId, clientSecret }));
  }
  const { JwtVerifier } = await import('./jwt.ts');
  return new BelievedTokens(new JwtVerifier({ issuer, audience, jwks }));
}

async function apiKeyVerifiers(
  { apiKeysFile, apiKeys }: AuthenticationSettings,
  audience: string,
): Promise<readonly TokenVerifier[]> {
  const verifiers: TokenVerifier[] = [];
  if (apiKeysFile !== undefined) verifiers.push(await ApiKeyFile.open(apiKeysFile, audience));
  if (apiKeys !== undefined) verifiers.push(new ApiKeyVerifier(apiKeys, 'MORTISE_API_KEYS', audience));
  return verifiers;
}

function resourceUrl({ resource, audience = '' }: AuthenticationSettings): URL {
  const url = URL.parse(resource ?? audience);
  if (url && /^https?:$/u.test(url.protocol) && url.hash === '') return url;
  throw new ConfigurationError(
    resource === undefined
      ? '--auth-audience is no URL, so that --auth-resource has to be: the URL of the MCP endpoint as clients write it.'
      : '--auth-resource has to be the URL of the MCP endpoint as clients write it.',
  );
}
