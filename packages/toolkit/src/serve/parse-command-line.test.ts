import { describe, expect, test } from 'vitest';
import type { OptionDefinition, Program } from './endpoint.ts';
import { parseCommandLine, type Invocation } from './parse-command-line.ts';
import { UsageError } from './usage-error.ts';

function program(options: Record<string, OptionDefinition> = {}, commands: Program['commands'] = {}): Program {
  return {
    name: 'orders',
    version: '1.0.0',
    description: undefined,
    options: { 'database-url': { type: 'string', description: '', environment: 'DATABASE_URL' }, ...options },
    commands: { migrate: { description: '', run: () => Promise.resolve('') }, ...commands },
    verifier: undefined,
    start: () => {
      throw new Error('not here');
    },
  };
}

const parse = (line: string, environment: Record<string, string> = {}): Invocation =>
  parseCommandLine(program(), line === '' ? [] : line.split(' '), environment);

function refusal(line: string): string | undefined {
  try {
    parse(line);
    return undefined;
  } catch (error) {
    return error instanceof UsageError ? error.message : String(error);
  }
}

describe('understands', () => {
  const values = { 'database-url': undefined };
  const bind = { host: '127.0.0.1', port: 3000, allowedHosts: [], allowedOrigins: [], withoutAuthentication: false };
  const tools = {};
  const stdio = { kind: 'stdio', callers: { kind: 'local', subject: 'local' }, tools, values };
  const http = { kind: 'http', bind, drainSeconds: 0, tools, values };

  test.each([
    ['', stdio],
    ['--http', http],
    ['--http --port 0', { ...http, bind: { ...bind, port: 0 } }],
    ['--http --drain 15', { ...http, drainSeconds: 15 }],
    ['--http --port=65535', { ...http, bind: { ...bind, port: 65_535 } }],
    [
      '--http --host ::1 --allowed-host a.example --allowed-host=b.example --allowed-origin https://c.example --no-auth',
      {
        ...http,
        bind: {
          ...bind,
          host: '::1',
          allowedHosts: ['a.example', 'b.example'],
          allowedOrigins: ['https://c.example'],
          withoutAuthentication: true,
        },
      },
    ],
    ['--database-url postgres://db', { ...stdio, values: { 'database-url': 'postgres://db' } }],
    ['--tools b,a --read-only', { ...stdio, tools: { only: ['b', 'a'], readOnly: true } }],
    ['--http --exclude-tools a', { ...http, tools: { except: ['a'] } }],
    [
      '--principal ann --scopes orders:read,orders:write',
      { ...stdio, callers: { kind: 'local', subject: 'ann', scopes: ['orders:read', 'orders:write'] } },
    ],
    [
      '--http --auth-issuer https://id.example --auth-audience https://mcp.example/mcp',
      {
        ...http,
        authentication: { issuer: 'https://id.example', audience: 'https://mcp.example/mcp', introspection: false },
      },
    ],
    ['--http --api-keys keys', { ...http, authentication: { apiKeysFile: 'keys', introspection: false } }],
    ['migrate', { kind: 'command', name: 'migrate', values }],
    ['migrate --help', { kind: 'help' }],
    ['health', { kind: 'health', url: 'http://127.0.0.1:3000/healthz' }],
    ['health --url https://mcp.example.com/healthz', { kind: 'health', url: 'https://mcp.example.com/healthz' }],
    ['--help', { kind: 'help' }],
    ['--version', { kind: 'version' }],
  ])('%s', (line, invocation) => {
    expect(parse(line)).toEqual(invocation);
  });

  test('the environment, after the command line', () => {
    const environment = {
      PORT: '4000',
      HOST: '127.0.0.2',
      DATABASE_URL: 'postgres://db',
      MORTISE_ALLOWED_HOSTS: 'a.example, b.example',
      MORTISE_ALLOWED_ORIGINS: 'https://c.example',
    };
    const allowedHosts = ['a.example', 'b.example'];
    expect(parse('--http --port 5000 --allowed-origin https://d.example', environment)).toEqual({
      ...http,
      bind: { ...bind, host: '127.0.0.2', port: 5000, allowedHosts, allowedOrigins: ['https://d.example'] },
      values: { 'database-url': 'postgres://db' },
    });
    expect(parse('health', environment)).toEqual({ kind: 'health', url: 'http://127.0.0.1:4000/healthz' });
    expect(parse('--http', { PORT: '', HOST: '', DATABASE_URL: '', MORTISE_ALLOWED_HOSTS: '' })).toEqual(http);
  });

  test('the environment of a container, which may serve either transport', () => {
    const environment = {
      MORTISE_TOOLS: 'a',
      MORTISE_READ_ONLY: 'true',
      MORTISE_SCOPES: 'orders:read',
      MORTISE_AUTH_ISSUER: 'https://id.example',
      MORTISE_AUTH_AUDIENCE: 'https://mcp.example/mcp',
      MORTISE_AUTH_INTROSPECTION: '1',
      MORTISE_AUTH_CLIENT_ID: 'mcp',
      MORTISE_AUTH_CLIENT_SECRET: 's3cret',
    };
    const offered = { only: ['a'], readOnly: true };
    const callers = { kind: 'local', subject: 'local', scopes: ['orders:read'] };
    expect(parse('', environment)).toEqual({ ...stdio, callers, tools: offered });
    const authentication = {
      issuer: 'https://id.example',
      audience: 'https://mcp.example/mcp',
      introspection: true,
      clientId: 'mcp',
      clientSecret: 's3cret',
    };
    expect(parse('--http', environment)).toEqual({ ...http, tools: offered, authentication });
    expect(parse('--http', { MORTISE_AUTH_CLIENT_ID: 'mcp', MORTISE_AUTH_CLIENT_SECRET: 's3cret' })).toEqual(http);
  });
});

describe('refuses', () => {
  test.each([
    ['--htp', 'Unknown option --htp. Did you mean --http?'],
    ['--databse-url=postgres://ann:s3cret@db', 'Unknown option --databse-url. Did you mean --database-url?'],
    ['--constructor', 'Unknown option --constructor.'],
    ['-p 3000', 'Unknown option -p.'],
    ['--postgres://ann:s3cret@db', 'There is an argument that is no option of this program.'],
    ['postgres://ann:s3cret@db', 'There is an argument that is no command of this program.'],
    ['helth', 'Unknown command helth. Did you mean health?'],
    ['migrat', 'Unknown command migrat. Did you mean migrate?'],
    ['migrate now', 'There is one argument too many after migrate.'],
    ['migrate --http', '--http does not belong to migrate.'],
    ['health --port 3000', '--port does not belong to health.'],
    ['health --url ftp://x', '--url must begin with http:// or https://.'],
    ['health --url s3cret', '--url must begin with http:// or https://.'],
    ['--url http://x', '--url belongs to the command health.'],
    ['--port 3000', '--port works only with --http.'],
    ['--drain 1', '--drain works only with --http.'],
    ['--http --drain soon', '--drain must be a whole number of seconds from 0 to 300.'],
    ['--http --drain 301', '--drain must be a whole number of seconds from 0 to 300.'],
    ['--no-auth', '--no-auth works only with --http.'],
    ['--auth-issuer https://x', '--auth-issuer works only with --http.'],
    ['--http --scopes a', '--scopes works only without --http.'],
    ['--tools a,,b', '--tools takes names with commas between them: a,b.'],
    [
      '--http --no-auth --auth-issuer https://x',
      '--no-auth contradicts what is configured to authenticate callers: leave one of the two out.',
    ],
    ['migrate --read-only', '--read-only does not belong to migrate.'],
    ['--http=yes', '--http takes no value.'],
    ['--http --port', '--port needs a value.'],
    ['--http --port=', '--port needs a value.'],
    ['--http --port --host', '--port needs a value.'],
    ['--http --port 1 --port 2', '--port is given twice.'],
    ['--http --port 70000', '--port must be a whole number from 0 to 65535.'],
    ['--http --port -1', '--port needs a value.'],
    ['--http --port=-1', '--port must be a whole number from 0 to 65535.'],
    ['--http --port 1e3', '--port must be a whole number from 0 to 65535.'],
    ['--http --port s3cret', '--port must be a whole number from 0 to 65535.'],
    ['--http --host=', '--host needs a value.'],
    ['--http --host http://x', '--host must be an address of this machine: 127.0.0.1.'],
  ])('%s', (line, message) => {
    expect(refusal(line)).toBe(message);
  });

  test('a bad environment, by the name of its variable', () => {
    expect(() => parse('--http', { PORT: 's3cret' })).toThrow(/^PORT must be a whole number from 0 to 65535\.$/u);
    expect(() => parse('--http', { HOST: 'a b' })).toThrow(/^HOST must be an address of this machine/u);
    const flag = program({ loud: { type: 'boolean', description: '', environment: 'LOUD' } });
    expect(() => parseCommandLine(flag, [], { LOUD: 's3cret' })).toThrow(/^LOUD must be true, false, 1 or 0\.$/u);
  });

  test('a program that takes what every server has', () => {
    const port = program({ port: { type: 'string', description: '' } });
    expect(() => parseCommandLine(port, [], {})).toThrow('--port already');
    const health = program({}, { health: { description: '', run: () => Promise.resolve('') } });
    expect(() => parseCommandLine(health, [], {})).toThrow('command health already');
  });
});

test('operands, where the program takes them', () => {
  const taking = { ...program(), operands: { placeholder: 'folder', description: '' } };
  const operandsOf = (line: string): unknown => parseCommandLine(taking, line.split(' '), {});
  expect(operandsOf('a --http b')).toMatchObject({ kind: 'http', operands: ['a', 'b'] });
  expect(operandsOf('./migrate -- --odd')).toMatchObject({ kind: 'stdio', operands: ['./migrate', '--odd'] });
  expect(operandsOf('folder migrate')).toMatchObject({ kind: 'stdio', operands: ['folder', 'migrate'] });
  expect(operandsOf('migrate')).toMatchObject({ kind: 'command', name: 'migrate' });
  expect(parseCommandLine(taking, [], {})).toMatchObject({ operands: [] });
});
