import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { AuthorizationServer, CLIENT } from './fixtures/authorization-server.ts';
import { AUDIENCE, ProtectedServer } from './fixtures/protected-server.ts';
import { IntrospectionVerifier } from './introspection.ts';
import { Issuer } from './issuer.ts';

let issuer: AuthorizationServer;

beforeAll(async () => {
  issuer = await AuthorizationServer.start('opaque');
});
afterAll(() => issuer[Symbol.asyncDispose]());

const credentials = { clientId: CLIENT.id, clientSecret: CLIENT.secret };

test('lets a token in that only the issuer understands, and no other', async () => {
  await using server = await ProtectedServer.start({ issuer: issuer.issuer, introspection: true, ...credentials });
  await using reader = await server.connect(await issuer.token({ resource: AUDIENCE }));
  const { content } = await reader.client.callTool({ name: 'read_books' });
  expect(content).toEqual([{ type: 'text', text: CLIENT.id }]);
  const foreign = await issuer.token({ resource: 'https://other.example/mcp' });
  expect(await server.knock(`Bearer ${foreign}`)).toMatchObject({ status: 401 });
  expect(await server.knock('Bearer unheard-of')).toMatchObject({ status: 401 });
});

test('a revoked token works for 30 seconds at most, and asks once in that time', async () => {
  let now = 0;
  const verifier = new IntrospectionVerifier({ issuer: new Issuer(issuer.issuer), ...credentials }, () => now);
  const token = await issuer.token({ resource: AUDIENCE });
  const before = issuer.introspections;
  await Promise.all([verifier.verify(token), verifier.verify(token)]);
  await issuer.revoke(token);
  now = 29_999;
  expect(await verifier.verify(token)).toMatchObject({ subject: CLIENT.id, audience: [AUDIENCE] });
  expect(issuer.introspections - before).toBe(1);
  now = 30_000;
  expect(await verifier.verify(token)).toBeUndefined();
  expect(await verifier.verify(token)).toBeUndefined();
  expect(issuer.introspections - before).toBe(3);
});

test('wrong credentials of the server are the operator’s to mend, not the client’s', async () => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const settings = { issuer: issuer.issuer, introspection: true, clientId: CLIENT.id, clientSecret: 's3cret' };
  await using server = await ProtectedServer.start(settings);
  expect(await server.knock('Bearer some-token')).toMatchObject({ status: 503, challenge: null });
  const lines = told.mock.calls.join('');
  expect(lines).toContain('library: tokens cannot be checked: the introspection endpoint of the issuer answered 401');
  expect(lines).not.toMatch(/s3cret|some-token/u);
});
