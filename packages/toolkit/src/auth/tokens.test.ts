import { setTimeout } from 'node:timers/promises';

import { ClientCredentialsProvider } from '@modelcontextprotocol/client';
import fc from 'fast-check';
import { SignJWT, UnsecuredJWT, exportSPKI, generateKeyPair, importJWK, type CryptoKey } from 'jose';
import { z } from 'zod';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { HEADERS, INITIALIZE } from '../serve/fixtures/http.ts';
import { AuthorizationServer, CLIENT } from './fixtures/authorization-server.ts';
import { library } from './fixtures/guarded-library.ts';
import { AUDIENCE, freePort, ProtectedServer } from './fixtures/protected-server.ts';
import { configureAuthentication } from './configure.ts';
import { Issuer } from './issuer.ts';
import { JwtVerifier } from './jwt.ts';
import type { TokenVerifier } from './token-verifier.ts';

let issuer: AuthorizationServer;
let server: ProtectedServer;

beforeAll(async () => {
  issuer = await AuthorizationServer.start();
  server = await ProtectedServer.start({ issuer: issuer.issuer });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const CALL = { name: 'read_books', arguments: {} };

/** A token with the claims of a right one, but for those that are given. */
function signed(claims: Record<string, unknown> = {}, header: { alg?: string; kid?: string } = {}): SignJWT {
  const now = Math.floor(Date.now() / 1_000);
  const payload = { iss: issuer.issuer, aud: AUDIENCE, sub: 'ann', client_id: 'agent', iat: now, exp: now + 60 };
  const { alg = 'RS256', kid = 'first' } = header;
  return new SignJWT({ ...payload, scope: 'books:read', ...claims }).setProtectedHeader({ alg, kid });
}

function privateKey(): CryptoKey {
  if (!issuer.key) throw new Error('no key');
  return issuer.key.private;
}

/** 400 is what the server itself answers to what follows the token: it is in. */
async function statusOf(token: string): Promise<number> {
  return (await server.knock(`Bearer ${token}`)).status;
}

describe.each(['2025', '2026'] as const)('a client of the %s era', (era) => {
  test('gets in with a token for this server', async () => {
    await using reader = await server.connect(await issuer.token({ resource: AUDIENCE }), era);
    expect((await reader.client.callTool(CALL)).content).toEqual([{ type: 'text', text: 'agent' }]);
  });

  test('does not with a token for another server', async () => {
    const token = await issuer.token({ resource: 'https://other.example/mcp' });
    await expect(server.connect(token, era)).rejects.toThrow(/401|invalid_token/u);
    expect(await server.knock(`Bearer ${token}`)).toMatchObject({ status: 401 });
  });

  test('is told which scopes a call needs, and gets it with them', async () => {
    await using poor = await server.connect(await issuer.token({ resource: AUDIENCE }), era);
    await expect(poor.client.callTool({ name: 'write_books' })).rejects.toThrow('Insufficient scope');
    expect(poor.answers.at(-1)).toEqual({
      method: 'tools/call',
      status: 403,
      challenge:
        'Bearer error="insufficient_scope", error_description="This call needs the scopes books:read books:write", ' +
        'scope="books:read books:write", ' +
        'resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp"',
    });
    await using rich = await server.connect(
      await issuer.token({ resource: AUDIENCE, scope: 'books:read books:write' }),
      era,
    );
    expect((await rich.client.callTool({ name: 'write_books' })).isError).not.toBe(true);
  });
});

test('without a token a client is told where to get one', async () => {
  const { status, challenge } = await server.knock(undefined);
  expect(status).toBe(401);
  expect(challenge).toContain('resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp"');
  const places = ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'];
  for (const place of places) {
    const response = await fetch(new URL(place, server.url));
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({
      resource: AUDIENCE,
      authorization_servers: [issuer.issuer],
      scopes_supported: ['books:read', 'books:write'],
      resource_name: 'library',
      bearer_methods_supported: ['header'],
    });
  }
  expect((await fetch(new URL(places[0] ?? '', server.url), { method: 'POST' })).status).toBe(405);
});

test('the health probes ask nobody who they are', async () => {
  expect((await fetch(new URL('/healthz', server.url))).status).toBe(200);
});

test('a client that knows nothing but the URL finds its way to a token, and steps up', async () => {
  const port = await freePort();
  const audience = `http://127.0.0.1:${port}/mcp`;
  await using own = await ProtectedServer.start({ issuer: issuer.issuer, audience }, { port });
  const provider = new ClientCredentialsProvider({
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    expectedIssuer: issuer.issuer,
    scope: 'books:read',
  });
  await using reader = await own.connect(provider);
  expect((await reader.client.callTool(CALL)).content).toEqual([{ type: 'text', text: 'agent' }]);
  provider.saveTokens({
    access_token: await issuer.token({ resource: audience, scope: 'books:read' }),
    token_type: 'Bearer',
    scope: 'books:read',
  });
  expect((await reader.client.callTool({ name: 'write_books' })).isError).not.toBe(true);
  expect(reader.answers.filter(({ status }) => status === 403)).toHaveLength(1);
});

describe('refuses', () => {
  test('nothing that a right token has: the tests below differ from it in one thing', async () => {
    expect(await statusOf(await signed().sign(privateKey()))).toBe(400);
  });

  test('a token that has expired, whose end is missing, or that is not valid yet', async () => {
    const now = Math.floor(Date.now() / 1_000);
    expect(await statusOf(await signed({ exp: now - 10 }).sign(privateKey()))).toBe(401);
    expect(await statusOf(await signed({ exp: undefined }).sign(privateKey()))).toBe(401);
    expect(await statusOf(await signed({ nbf: now + 60 }).sign(privateKey()))).toBe(401);
    const token = await issuer.token({ resource: AUDIENCE });
    expect(await statusOf(token)).toBe(400); // from now on it is believed
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_700_000 });
    expect(await statusOf(token)).toBe(401);
  });

  test('a token of another issuer, for another audience, for none, or of nobody', async () => {
    expect(await statusOf(await signed({ iss: 'https://id.example' }).sign(privateKey()))).toBe(401);
    expect(await statusOf(await signed({ aud: 'https://other.example/mcp' }).sign(privateKey()))).toBe(401);
    expect(await statusOf(await signed({ aud: `${AUDIENCE}/more` }).sign(privateKey()))).toBe(401);
    expect(await statusOf(await signed({ aud: undefined }).sign(privateKey()))).toBe(401);
    expect(await statusOf(await signed({ sub: undefined, client_id: undefined }).sign(privateKey()))).toBe(401);
  });

  test('a token that another key signed, under its own id or under a known one', async () => {
    const { privateKey: stranger } = await generateKeyPair('RS256');
    expect(await statusOf(await signed().sign(stranger))).toBe(401);
    expect(await statusOf(await signed({}, { kid: 'never seen' }).sign(stranger))).toBe(401);
  });

  test('a token without a signature, and one that takes the public key for a secret', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: issuer.issuer, aud: AUDIENCE, sub: 'ann', exp: now + 60, scope: 'books:read' };
    expect(await statusOf(new UnsecuredJWT(claims).encode())).toBe(401);
    const publicKey = (await importJWK(issuer.key?.public ?? {}, 'RS256', { extractable: true })) as CryptoKey;
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    expect(await statusOf(await signed({}, { alg: 'HS256' }).sign(secret))).toBe(401);
    const jwk = new TextEncoder().encode(JSON.stringify(issuer.key?.public));
    expect(await statusOf(await signed({}, { alg: 'HS256' }).sign(jwk))).toBe(401);
  });

  test('whatever else the header holds', async () => {
    const token = await issuer.token({ resource: AUDIENCE });
    for (const header of [token, `Basic ${token}`, 'Bearer', 'Bearer ', `Bearer  ${token}`, `Bearer ${token}x`]) {
      expect(await server.knock(header)).toMatchObject({ status: 401 });
    }
  });

  test('a token of any bytes, without failing', async () => {
    const settings = { issuer: issuer.issuer, audience: AUDIENCE };
    const checked = await configureAuthentication(settings, { name: 'library', scopes: [], verifier: undefined });
    const right = await signed().sign(privateKey());
    const connection = {};
    const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    const token = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(json, json, fc.base64String()).map((parts) => parts.join('.')),
      fc.tuple(fc.nat(right.length - 1), fc.string({ minLength: 1, maxLength: 3 })).map(([at, text]) => {
        return right.slice(0, at) + text + right.slice(at);
      }),
    );
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        for (const header of [text, `Bearer ${text}`]) {
          expect(await checked.authenticate(header, connection)).toMatchObject({ status: 401 });
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('every request over a connection is from whom it says, whoever spoke before', async () => {
  const settings = { issuer: issuer.issuer, audience: AUDIENCE };
  const checked = await configureAuthentication(settings, { name: 'library', scopes: [], verifier: undefined });
  const [ann, bob] = await Promise.all(['ann', 'bob'].map((sub) => signed({ sub }).sign(privateKey())));
  const connection = {};
  for (const [authorization, caller] of [
    [`Bearer ${ann}`, 'ann'],
    [`Bearer ${bob}`, 'bob'],
    [`Bearer ${ann}`, 'ann'],
    [`bearer ${ann}`, 'ann'],
    [`Bearer ${ann}x`, undefined],
    [`Bearer ${bob}`, 'bob'],
    [undefined, undefined],
    [`Basic ${bob}`, undefined],
    [`Bearer ${bob}`, 'bob'],
  ] as const) {
    const found = await checked.authenticate(authorization, connection);
    expect(found instanceof Response ? undefined : found.extra?.['sub']).toBe(caller);
  }
});

test('reads the scopes of Keycloak (scope), of Okta (scp) and of Entra (scp as text)', async () => {
  for (const scopes of [
    { scope: 'a books:read' },
    { scope: undefined, scp: ['books:read'] },
    { scope: undefined, scp: 'books:read a' },
  ]) {
    await using reader = await server.connect(await signed(scopes).sign(privateKey()));
    expect((await reader.client.callTool(CALL)).content).toEqual([{ type: 'text', text: 'ann' }]);
  }
});

function post(token: string, message: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(server.url, {
    method: 'POST',
    headers: { ...HEADERS, authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(message),
  });
}

test('a session belongs to the one who began it', async () => {
  const ann = await signed().sign(privateKey());
  const bob = await signed({ sub: 'bob' }).sign(privateKey());
  const otherClient = await signed({ client_id: 'other' }).sign(privateKey());
  const begun = await post(ann, INITIALIZE);
  await begun.text();
  const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const status = async (token: string): Promise<number> => {
    const response = await post(token, list, session);
    await response.text();
    return response.status;
  };
  expect(await Promise.all([ann, bob, otherClient].map(status))).toEqual([200, 404, 404]);
});

test('a handler gets to know the caller, and never the token', async () => {
  const told: unknown[] = [];
  const nosy = library().tool('nosy', { description: '', input: z.object({}), public: true }, (_, context) => {
    told.push([...(context.request.headers ?? [])], context.auth);
    return '';
  });
  await using own = await ProtectedServer.start({ issuer: issuer.issuer }, { server: nosy });
  const token = await signed({ role: 'clerk' }).sign(privateKey());
  for (const era of ['2025', '2026'] as const) {
    await using reader = await own.connect(token, era);
    await reader.client.callTool({ name: 'nosy' });
  }
  expect(JSON.stringify(told)).not.toContain(token);
  expect(told[1]).toMatchObject({
    subject: 'ann',
    client: 'agent',
    scopes: ['books:read'],
    claims: { role: 'clerk', iss: issuer.issuer },
  });
  expect(told[3]).toEqual(told[1]);
});

test('the keys of the issuer are fetched once, and again when one is unknown', async () => {
  await using rotating = await AuthorizationServer.start();
  const verifier = new JwtVerifier({
    issuer: new Issuer(rotating.issuer),
    audience: AUDIENCE,
    jwks: undefined,
    refetchMs: 0,
  });
  const before = await rotating.token({ resource: AUDIENCE });
  for (let times = 0; times < 3; times += 1) expect(await verifier.verify(before)).toBeDefined();
  expect(rotating.keyFetches).toBe(1);
  await rotating.rotate('second');
  expect(await verifier.verify(await rotating.token({ resource: AUDIENCE }))).toMatchObject({ subject: 'agent' });
  expect(await verifier.verify(before)).toBeUndefined();
});

test('an unknown key makes one fetch in ten seconds, not one for each token', async () => {
  await using flooded = await AuthorizationServer.start();
  const verifier = new JwtVerifier({ issuer: new Issuer(flooded.issuer), audience: AUDIENCE, jwks: undefined });
  await verifier.verify(await flooded.token({ resource: AUDIENCE }));
  const { privateKey: stranger } = await generateKeyPair('RS256');
  for (let index = 0; index < 5; index += 1) {
    await verifier.verify(await signed({ iss: flooded.issuer }, { kid: String(index) }).sign(stranger));
  }
  expect(flooded.keyFetches).toBe(1);
});

test('without the issuer a client is told to try again, and the operator why; both end when it is back', async () => {
  await using late = await AuthorizationServer.start();
  await using own = await ProtectedServer.start({ issuer: late.issuer });
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const token = await late.token({ resource: AUDIENCE });
  late.down = true;
  expect(await own.knock(`Bearer ${token}`)).toMatchObject({ status: 503 });
  expect(await own.knock(`Bearer ${token}`)).toMatchObject({ status: 503 });
  late.down = false;
  expect(await own.knock(`Bearer ${token}`)).toMatchObject({ status: 400 });
  const lines = told.mock.calls.map(([line]) => String(line)).filter((line) => line.startsWith('library: tokens'));
  expect(lines).toEqual([
    `library: tokens cannot be checked: the issuer ${late.issuer} has no metadata that could be read\n`,
  ]);
  expect(told.mock.calls.join('')).not.toContain(token);
});

/** Whatever the token: one that expires so soon that a test can wait for it, and not before a busy machine connects. */
function brief(): { verifier: TokenVerifier; expires: number } {
  const expires = Date.now() / 1_000 + 2;
  const token = { subject: 'ann', client: 'agent', scopes: ['books:read'], audience: [AUDIENCE], expiresAt: expires };
  return { expires, verifier: { verify: () => token } };
}

test('the stream of a 2025 client ends with its token', { timeout: 20_000 }, async () => {
  const { expires, verifier } = brief();
  await using own = await ProtectedServer.start({}, { verifier });
  await using reader = await own.connect('any', '2025');
  const ended = Promise.withResolvers<void>();
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- an SDK client is no EventTarget
  reader.client.onerror = () => ended.resolve();
  await expect.poll(() => reader.answers.some(({ method, status }) => method === '' && status === 200)).toBe(true);
  await ended.promise;
  expect(Date.now() / 1_000).toBeGreaterThanOrEqual(expires);
  await reader.client.callTool(CALL).catch(() => undefined);
  expect(reader.answers.at(-1)).toMatchObject({ status: 401 });
});

test('the subscription of a 2026 client ends with its token, and an answer does not', { timeout: 20_000 }, async () => {
  const { expires, verifier } = brief();
  const slow = library().tool('slow', { description: '', input: z.object({}), public: true }, async () => {
    await setTimeout(2_300);
    return 'done';
  });
  await using own = await ProtectedServer.start({}, { verifier, server: slow });
  await using reader = await own.connect('any', '2026');
  const subscription = await reader.client.listen({ toolsListChanged: true });
  const answer = reader.client.callTool({ name: 'slow' });
  await subscription.closed;
  expect(Date.now() / 1_000).toBeGreaterThanOrEqual(expires);
  expect((await answer).content).toEqual([{ type: 'text', text: 'done' }]);
});
