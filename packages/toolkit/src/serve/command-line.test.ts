import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import { HttpFixture } from './fixtures/http.ts';
import { startFixture, type FixtureProcess } from './fixtures/process.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function outcome(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const fixture = startFixture(args, environment);
  fixture.process.stdin.end();
  const code = await fixture.exit;
  return { code, stdout: fixture.stdout, stderr: fixture.stderr };
}

async function listening(
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<[FixtureProcess, URL]> {
  const fixture = startFixture(['--http', '--port', '0', ...args], environment);
  const line = await fixture.told('/mcp\n');
  return [fixture, new URL(line.slice(line.indexOf('http://')).trim())];
}

test('--help tells everything in 80 columns', async () => {
  const { code, stdout, stderr } = await outcome(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stdout).toMatchInlineSnapshot(`
    "fixture 1.2.3
    A server for tests

    Usage: fixture [options]
           fixture <command> [options]

    Serves MCP over stdio unless --http is given.

    Options:
      --http                     Serve over Streamable HTTP instead of stdio
      --port <number>            Port for --http; default 3000, and 0 lets the
                                 system choose (PORT)
      --host <address>           Address for --http; default 127.0.0.1, this machine
                                 only (HOST)
      --allowed-host <name>      A name under which clients reach --http, besides
                                 localhost; may be repeated, the variable takes a,b
                                 (MORTISE_ALLOWED_HOSTS)
      --allowed-origin <origin>  A web page that may call --http from a browser:
                                 https://host.example; may be repeated, the variable
                                 takes a,b (MORTISE_ALLOWED_ORIGINS)
      --no-auth                  Let everyone call who reaches an address that is
                                 not local
      --drain <seconds>          How long to answer on while /readyz is 503 already,
                                 before --http ends; default 0
                                 (MORTISE_DRAIN_SECONDS)
      --help                     Show this text
      --version                  Show the version

    Options of fixture:
      --database-url <url>  The database to use; without it, the embedded one in the
                            data directory (DATABASE_URL)
      --verbose             Say more (FIXTURE_VERBOSE)

    What is offered:
      --tools <a,b>          Offer these tools only (MORTISE_TOOLS)
      --exclude-tools <a,b>  Offer all tools but these (MORTISE_EXCLUDE_TOOLS)
      --read-only            Offer only tools that change nothing
                             (MORTISE_READ_ONLY)

    Who may call over HTTP:
      --auth-issuer <url>    Ask clients for an access token of this OAuth
                             authorization server (MORTISE_AUTH_ISSUER)
      --auth-audience <url>  What tokens have to be for (aud): the URL of the MCP
                             endpoint as clients write it (MORTISE_AUTH_AUDIENCE)
      --auth-resource <url>  That URL, where the authorization server writes
                             something else into aud (MORTISE_AUTH_RESOURCE)
      --auth-jwks <url>      The issuer's keys, where its metadata does not name
                             them (MORTISE_AUTH_JWKS)
      --auth-introspection   Ask the issuer about each token, so that a revoked one
                             stops within 30 s; needs MORTISE_AUTH_CLIENT_ID and
                             MORTISE_AUTH_CLIENT_SECRET (MORTISE_AUTH_INTROSPECTION)
      --api-keys <file>      Take these API keys: name, sha256:hash, end and scopes
                             a line; or such lines in MORTISE_API_KEYS
                             (MORTISE_API_KEYS_FILE)

    Who calls over stdio:
      --principal <name>  Who calls over stdio; default local (MORTISE_PRINCIPAL)
      --scopes <a,b>      What that caller may do; default everything
                          (MORTISE_SCOPES)

    Commands:
      values  Print the values of the options
      fail    Fail
      health  Ask a server that runs with --http whether it is alive; exits 0 or 1

    Options of health:
      --url <url>  What health asks; default http://127.0.0.1:$PORT/healthz
    "
  `);
  expect(await outcome(['-h'])).toMatchObject({ code: 0, stdout });
});

test('--version tells the version', async () => {
  expect(await outcome(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
});

test('a command gets its options and prints a line', async () => {
  const args = ['values', '--database-url', 'postgres://ann:s3cret@db/orders', '--verbose'];
  expect((await outcome(args)).stdout).toBe('{"database-url":"postgres://ann:s3cret@db/orders","verbose":true}\n');
  const environment = { DATABASE_URL: 'postgres://db', FIXTURE_VERBOSE: '0' };
  expect((await outcome(['values'], environment)).stdout).toBe('{"database-url":"postgres://db","verbose":false}\n');
});

test('what the operator must mend is one line, and exits 1', async () => {
  expect(await outcome(['fail'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'fixture: The database is empty: run fixture migrate.\n',
  });
  expect(await outcome(['--http', '--database-url=bad'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'fixture: The database URL is not one: see --help.\n',
  });
  const open = await outcome(['--http', '--port=0', '--host=0.0.0.0']);
  expect(open).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^fixture: --host 0\.0\.0\.0 [^\n]*--no-auth[^\n]*\n$/u) as string,
  });
});

describe('over HTTP', () => {
  test.each([[[]], [['--http', '--port=0']]])(
    'a setup that fails ends the server with its one line: %j',
    async (args) => {
      const { code, stdout, stderr } = await outcome([...args, '--database-url=late']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('fixture: The database URL leads nowhere: see --help.\n');
      expect(stderr).not.toMatch(/\bat /);
    },
  );

  test('says where it listens, serves, and lets a call finish on SIGTERM', async () => {
    const [fixture, url] = await listening();
    expect(fixture.stderr).toBe(`fixture 1.2.3 listens on ${url.href}\n`);
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(url));
    const call = client.callTool({ name: 'gate' });
    await fixture.told('gate entered');
    fixture.process.kill('SIGTERM');
    await fixture.told('fixture: waits for the calls in flight (1)');
    await expect(fetch(new URL('/healthz', url))).rejects.toThrow('fetch failed');
    fixture.process.kill('SIGUSR2');
    expect((await call).content).toEqual([{ type: 'text', text: 'through the gate' }]);
    expect(await fixture.exit).toBe(0);
    expect(fixture.stdout).toBe('');
  });

  test('with --drain, still answers after SIGTERM while it is not ready', async () => {
    const [fixture, url] = await listening(['--drain', '300']);
    const ready = async (): Promise<number> => (await fetch(new URL('/readyz', url))).status;
    expect(await ready()).toBe(200);
    fixture.process.kill('SIGTERM');
    await fixture.told('fixture: is no longer ready, and answers for 300 s more.\n');
    expect(await ready()).toBe(503);
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(url));
    expect((await client.listTools()).tools).not.toEqual([]);
    await client.close();
    fixture.process.kill('SIGKILL');
    await expect(fixture.exit).rejects.toThrow('ended by SIGKILL');
  });

  test('ends once that time is over', async () => {
    const [fixture] = await listening([], { MORTISE_DRAIN_SECONDS: '1' });
    fixture.process.kill('SIGTERM');
    expect(await fixture.exit).toBe(0);
    expect(fixture.stderr).toContain('answers for 1 s more');
  });

  test('ends with one line and 1 after an error that nothing caught; others still answer', async () => {
    const [fixture, url] = await listening();
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(url));
    const call = client.callTool({ name: 'gate' });
    await fixture.told('gate entered');
    await client.callTool({ name: 'crash' });
    await fixture.told('fixture: stops after an error that nothing caught: nobody caught this\n');
    fixture.process.kill('SIGUSR2');
    expect((await call).content).toEqual([{ type: 'text', text: 'through the gate' }]);
    expect(await fixture.exit).toBe(1);
  });

  test('takes two SIGINTs of one press as one', async () => {
    const [fixture] = await listening();
    fixture.process.kill('SIGINT');
    fixture.process.kill('SIGINT');
    expect(await fixture.exit).toBe(0);
  });

  test('takes PORT and HOST from the environment', async () => {
    await using other = await HttpFixture.start();
    const { port } = new URL(other.url);
    const next = Number(port) + 1;
    expect(await outcome(['--http'], { PORT: port, HOST: '127.0.0.1' })).toEqual({
      code: 1,
      stdout: '',
      stderr: `fixture: Port ${port} on 127.0.0.1 is busy. Choose another: --port ${next} or PORT=${next}.\n`,
    });
  });
});

describe('health', () => {
  test('exits 0 for a server that runs', async () => {
    await using server = await HttpFixture.start();
    const { port } = new URL(server.url);
    expect(await outcome(['health'], { PORT: port })).toEqual({ code: 0, stdout: 'ok\n', stderr: '' });
    expect((await outcome(['health', '--url', `${server.origin}/readyz`])).code).toBe(0);
  });

  test('exits 1 otherwise, and says why', async () => {
    await using server = await HttpFixture.start({}, { ready: () => Promise.reject(new Error('down')) });
    const url = `${server.origin}/readyz`;
    expect(await outcome(['health', '--url', url])).toEqual({
      code: 1,
      stdout: '',
      stderr: `fixture: ${url} answered 503.\n`,
    });
    await server.service.stop('test');
    const dead = await outcome(['health', `--url=${url}`]);
    expect(dead).toMatchObject({ code: 1, stderr: expect.stringContaining(`Nothing answers at ${url}`) as string });
  });
});
