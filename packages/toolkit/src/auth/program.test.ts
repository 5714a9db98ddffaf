import { createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

import { programArguments, startFixture, type FixtureProcess } from '../serve/fixtures/process.ts';

const PROGRAM = new URL('fixtures/program.ts', import.meta.url);

const start = (args: readonly string[], environment: Record<string, string> = {}): FixtureProcess =>
  startFixture(args, environment, PROGRAM);

async function overStdio(
  args: readonly string[],
  environment: Record<string, string> = {},
  mode: 'legacy' | { pin: '2026-07-28' } = 'legacy',
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const command = { command: process.execPath, args: [...programArguments(PROGRAM), ...args], env: environment };
  await client.connect(new StdioClientTransport({ ...command, stderr: 'ignore' }));
  return client;
}

const key = randomBytes(32).toString('base64url');
const KEYS = `ci sha256:${createHash('sha256').update(key).digest('hex')} 2999-12-31 books:read`;

describe('over stdio', () => {
  test('the caller is whom the command line names, with the scopes that it gives', async () => {
    const client = await overStdio(['--principal', 'ann', '--scopes', 'books:read']);
    expect(await client.callTool({ name: 'read_books' })).toMatchObject({ content: [{ text: 'ann' }] });
    expect(await client.callTool({ name: 'write_books' })).toMatchObject({ isError: true });
    await client.close();
  });

  test('a subscription tells of what the caller may read', async () => {
    const client = await overStdio(['--scopes', 'books:read'], {}, { pin: '2026-07-28' });
    const told: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void told.push(params.uri));
    const uris = ['library://safe', 'library://unknown', 'letter://Dear', 'book://Emma'];
    await client.listen({ resourceSubscriptions: uris });
    for (const uri of uris) await client.callTool({ name: 'touch', arguments: { uri } });
    await expect.poll(() => told).toEqual(['book://Emma']);
    await client.close();
  });

  test('the environment names the caller and the tools', async () => {
    const client = await overStdio([], { MORTISE_PRINCIPAL: 'bob', MORTISE_READ_ONLY: '1' });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['read_books', 'opening_hours']);
    expect(await client.callTool({ name: 'read_books' })).toMatchObject({ content: [{ text: 'bob' }] });
    await client.close();
  });
});

test.each([
  [
    ['--tools', 'read_boks'],
    'library: --tools names a tool that this server does not have: read_boks. Did you mean read_books?',
  ],
  [['--http', '--auth-issuer', 'https://id.example'], 'library: Authentication needs --auth-audience:'],
  [['--http', '--api-keys', 'nowhere'], 'library: --api-keys nowhere is no file that can be read.'],
  [['--http', '--host', '0.0.0.0'], 'Add --auth-issuer or --api-keys'],
])('what cannot be meant ends the start with one line: %j', async (args, line) => {
  const program = start([...args]);
  expect(await program.exit).toBe(1);
  const lines = program.stderr.trim().split('\n');
  expect(lines.at(-1)).toContain(line);
});

test('with authentication it listens for other machines, under the names that it was given', async () => {
  const args = ['--http', '--port', '0', '--host', '0.0.0.0'];
  const unnamed = start(args, { MORTISE_API_KEYS: KEYS });
  expect(await unnamed.exit).toBe(1);
  expect(unnamed.stderr).toContain('--host 0.0.0.0 needs --allowed-host');

  const program = start([...args, '--allowed-host', 'mcp.example.com'], { MORTISE_API_KEYS: KEYS });
  const line = await program.told('/mcp\n');
  const url = new URL((/http:\S+/u.exec(line)?.[0] ?? '').replace('0.0.0.0', '127.0.0.1'));
  expect((await fetch(url, { method: 'POST' })).status).toBe(401);
  const client = new Client({ name: 'test', version: '1' });
  const headers = { authorization: `Bearer ${key}` };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  expect(await client.callTool({ name: 'read_books' })).toMatchObject({ content: [{ text: 'api-key:ci' }] });
  await client.close();
  program.process.kill('SIGTERM');
  expect(await program.exit).toBe(0);
  expect(program.stderr).toContain('library: denied to everyone, since they name no policy');
  expect(program.stdout + program.stderr).not.toContain(key);
});

test('a server that authenticates nobody loads nothing of it', async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../index.ts', import.meta.url))],
    outdir: 'unused',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
  const loaded = (output: string): string[] => [
    ...Object.keys(metafile.outputs[output]?.inputs ?? {}),
    ...(metafile.outputs[output]?.imports ?? [])
      .filter(({ kind, external }) => kind === 'import-statement' && !external)
      .flatMap(({ path }) => loaded(path)),
  ];
  const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith('src/index.ts'));
  const inputs = loaded(entry?.[0] ?? '');
  expect(inputs.some((path) => path.endsWith('dispatch/dispatch.ts'))).toBe(true);
  expect(
    inputs.filter((path) => /\/jose\/|auth\/(?:configure|authentication|jwt|introspection|api-keys)\.ts/u.test(path)),
  ).toEqual([]);
  expect(Object.keys(metafile.inputs).some((path) => path.includes('/jose/'))).toBe(true);
});
