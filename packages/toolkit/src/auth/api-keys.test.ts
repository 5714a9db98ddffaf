import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ApiKeyVerifier } from './api-keys.ts';
import { ProtectedServer } from './fixtures/protected-server.ts';

const key = randomBytes(32).toString('base64url');
const old = randomBytes(32).toString('base64url');
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const LINES = `
# who may call the library
nightly  sha256:${hash(key)}  2999-12-31  books:read
last.year sha256:${hash(old)} 2020-01-31T00:00:00Z books:read books:write
`;

describe.each(['2025', '2026'] as const)('a client of the %s era', (era) => {
  test('gets in with a key, as far as its scopes go', async () => {
    await using server = await ProtectedServer.start({ apiKeys: LINES });
    await using reader = await server.connect(key, era);
    const { content } = await reader.client.callTool({ name: 'read_books' });
    expect(content).toEqual([{ type: 'text', text: 'api-key:nightly' }]);
    await expect(reader.client.callTool({ name: 'write_books' })).rejects.toThrow('Insufficient scope');
    expect(reader.answers.at(-1)).toMatchObject({ status: 403 });
  });
});

test('a key that has expired, that is wrong, or that is the hash is refused alike', async () => {
  await using server = await ProtectedServer.start({ apiKeys: LINES });
  const answers = await Promise.all(
    [old, `${key}x`, key.slice(1), hash(key), 'nightly'].map((text) => server.knock(`Bearer ${text}`)),
  );
  const challenge = 'Bearer error="invalid_token", error_description="The token is not valid"';
  expect(answers).toEqual(answers.map(() => ({ method: 'x', status: 401, challenge })));
  expect(await server.knock(`Bearer ${key}`)).toMatchObject({ status: 400 });
});

test('without an authorization server there is no metadata to find one by', async () => {
  await using server = await ProtectedServer.start({ apiKeys: LINES });
  expect((await fetch(new URL('/.well-known/oauth-protected-resource', server.url))).status).toBe(404);
});

test('reads a file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mortise-keys-'));
  try {
    const file = join(directory, 'keys');
    await writeFile(file, LINES.replaceAll('\n', '\r\n'));
    await using server = await ProtectedServer.start({ apiKeysFile: file });
    expect(await server.knock(`Bearer ${key}`)).toMatchObject({ status: 400 });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test.each([
  ['', 'keys holds no key.'],
  [
    `nightly ${key} 2999-12-31`,
    'Line 1 of keys is not: name sha256:<64 hex digits> <end, such as 2027-01-31> <scopes…>',
  ],
  [`\nnightly sha256:${hash(key)}`, 'Line 2 of keys is not:'],
  [`nightly sha256:${hash(key)} books:read`, 'Line 1 of keys is not:'],
  [`nightly sha256:${hash(key)} 2999-13-41`, 'Line 1 of keys is not:'],
  [`a sha256:${hash(key)} 2999-12-31\na sha256:${hash(old)} 2999-12-31`, 'keys has two keys with the name a'],
])('a list that is wrong is refused without showing it: %#', (lines, message) => {
  const make = (): ApiKeyVerifier => new ApiKeyVerifier(lines, 'keys', 'urn:x');
  expect(make).toThrow(message);
  expect(make).not.toThrow(key);
});

test('any text passes as a key only if it is one', () => {
  const verifier = new ApiKeyVerifier(LINES, 'keys', 'urn:x');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(old, hash(key)),
    fc.string().map((end) => key + end),
  );
  fc.assert(fc.property(text, (token) => token === key || verifier.verify(token) === undefined));
  expect(verifier.verify(key)).toMatchObject({ subject: 'api-key:nightly', scopes: ['books:read'] });
});
