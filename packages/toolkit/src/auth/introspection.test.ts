import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { BelievedTokens } from './believed-tokens.ts';
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
  const asking = new IntrospectionVerifier({ issuer: new Issuer(issuer.issuer), ...credentials });
  const verifier = new BelievedTokens(asking, () => now);
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

test('believes an answer only as far as it goes', async () => {
  const answers: unknown[] = [];
  const server = createServer((request, response) => {
    const metadata = { issuer: url, introspection_endpoint: `${url}/introspect` };
    const body = request.method === 'GET' ? metadata : answers.shift();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const verifier = new IntrospectionVerifier({ issuer: new Issuer(url), ...credentials });
  const right = { active: true, sub: 'ann', aud: AUDIENCE, exp: Date.now() / 1_000 + 60 };
  const wrong = [
    { ...right, active: 'true' },
    { ...right, iss: 'https://id.example' },
    { ...right, exp: undefined },
    {},
  ];
  answers.push(right, ...wrong);
  expect(await verifier.verify('right')).toMatchObject({ subject: 'ann', client: 'ann', scopes: [] });
  for (const [index] of wrong.entries()) expect(await verifier.verify(String(index))).toBeUndefined();
  server.close();
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
