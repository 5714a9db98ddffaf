import { expect, test } from 'vitest';

import { configureAuthentication } from './configure.ts';
import type { AuthenticationSettings } from './settings.ts';

const server = { name: 'library', scopes: [], verifier: undefined };
const issuer = 'https://id.example';
const audience = 'https://mcp.example/mcp';

test.each<[string, AuthenticationSettings, string]>([
  ['nothing to check against', { audience }, 'add --auth-issuer or --api-keys'],
  ['no audience', { issuer }, 'needs --auth-audience'],
  [
    'a plain issuer',
    { issuer: 'http://id.example', audience },
    '--auth-issuer has to be a URL that begins with https://',
  ],
  ['an issuer with a query', { issuer: `${issuer}?a=b`, audience }, '--auth-issuer has no query'],
  ['plain keys', { issuer, audience, jwks: 'http://id.example/jwks' }, '--auth-jwks has to be a URL'],
  ['keys without an issuer', { jwks: 'https://id.example/jwks', apiKeys: 'x' }, 'need --auth-issuer'],
  ['an audience that is no URL', { issuer, audience: 'api://orders' }, '--auth-resource has to be'],
  ['a resource that is none', { issuer, audience, resource: 'orders' }, '--auth-resource has to be the URL'],
  [
    'introspection without credentials',
    { issuer, audience, introspection: true, clientId: 'x' },
    'MORTISE_AUTH_CLIENT_SECRET',
  ],
  ['a file that is not there', { apiKeysFile: 'nowhere/keys' }, '--api-keys nowhere/keys is no file that can be read.'],
])('%s', async (_, settings, message) => {
  await expect(configureAuthentication(settings, server)).rejects.toThrow(message);
});

test('an audience that is no URL needs the URL besides', async () => {
  const settings = { issuer, audience: 'api://orders', resource: 'https://mcp.example/orders/mcp' };
  const authentication = await configureAuthentication(settings, server);
  const metadata = authentication.metadata('/.well-known/oauth-protected-resource/orders/mcp') ?? '';
  expect(JSON.parse(metadata)).toMatchObject({
    resource: 'https://mcp.example/orders/mcp',
    authorization_servers: [issuer],
  });
});
