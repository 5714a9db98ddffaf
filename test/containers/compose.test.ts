// deploy/compose.yaml as it stands: what is hardened, and who may call.
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { CommerceSchema } from '@mortise/commerce';
import { seed } from '@mortise/commerce/demo';
import { openDatabase } from '@mortise/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { docker, run } from './engine.ts';

type Era = '2025' | '2026';
type Call = Parameters<Client['callTool']>[0];

const { base, registry, tag, dockerConfig } = inject('containers');
const project = `mortise-test-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'mortise-compose-'));
const key = randomBytes(32).toString('base64url');
const password = randomBytes(24).toString('hex');
const SEARCH = { name: 'search_orders', arguments: { limit: 1 } };

async function compose(...args: readonly string[]): Promise<string> {
  const file = join(import.meta.dirname, '../../deploy/compose.yaml');
  return await run('docker', ['compose', '--project-name', project, '--file', file, ...args], {
    env: {
      ...process.env,
      ...(dockerConfig !== undefined && { DOCKER_CONFIG: dockerConfig }),
      REGISTRY: registry,
      TAG: tag,
      POSTGRES_IMAGE: base.postgres,
      PROXY_IMAGE: base.proxy,
      PORT: '0',
      DATABASE_PASSWORD: password,
      STATE_KEY: randomBytes(32).toString('base64url'),
      ORDERS_TAX_PERCENT: '8',
      DRAIN_SECONDS: '10',
      FOLDER: join(folder, 'served'),
      API_KEYS_FILE: join(folder, 'keys'),
    },
  });
}

async function addressOf(service: string): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return await docker('inspect', '--format', format, `${project}-${service}-1`);
}

let origin: string;

beforeAll(async () => {
  mkdirSync(join(folder, 'served'));
  writeFileSync(join(folder, 'served/plan.md'), '# Plan\n');
  const scopes = 'customers:read orders:read orders:write files:read';
  const hash = createHash('sha256').update(key).digest('hex');
  writeFileSync(join(folder, 'keys'), `test sha256:${hash} 2099-01-01 ${scopes}\n`);
  chmodSync(folder, 0o755);
  await compose('up', '--detach', '--no-build', '--wait');
  origin = `http://localhost:${(await compose('port', 'proxy', '8080')).split(':').at(-1)}`;
  const url = `postgres://mortise:${password}@${await addressOf('database')}/mortise`;
  await using database = openDatabase<CommerceSchema>({ url, applicationName: 'test', statementTimeout: 0 });
  await seed(database.db);
}, 300_000);

afterAll(async () => {
  await compose('down', '--volumes', '--timeout', '1');
  rmSync(folder, { recursive: true });
}, 60_000);

async function connect(server: string, era: Era): Promise<Client> {
  const mode = era === '2026' ? ({ pin: '2026-07-28' } as const) : 'legacy';
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${origin}/${server}/mcp`), { requestInit }));
  return client;
}

async function answer(client: Client, call: Call): Promise<string> {
  const { isError, content } = await client.callTool(call);
  if (isError === true) throw new Error(JSON.stringify(content));
  return JSON.stringify(content);
}

test('every container is held in', async () => {
  const names = (await compose('ps', '--all', '--quiet')).split('\n');
  const containers = JSON.parse(await docker('inspect', ...names)) as {
    Name: string;
    Config: { User: string };
    HostConfig: { CapAdd: string[] | null; PidsLimit: number };
  }[];
  expect(containers).toHaveLength(7);
  for (const { Name, Config, HostConfig } of containers) {
    expect({ Name, ...HostConfig }).toMatchObject({
      Name,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Privileged: false,
    });
    expect(HostConfig.PidsLimit).toBeGreaterThan(0);
    // the entrypoint of Postgres gives up what it begins with
    if (Name.includes('-database-')) continue;
    expect(Config.User).toMatch(/^(?:65532:65532|haproxy)$/);
    expect(HostConfig.CapAdd).toBeNull();
  }
});

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  test.each([
    ['customer-db', { name: 'search_customers', arguments: { query: 'a' } }, 'CUS-'],
    ['orders', SEARCH, 'ORD-'],
    ['filesystem-readonly', { name: 'read_file', arguments: { path: 'plan.md' } }, '# Plan'],
  ])('calls %s through the proxy', async (server, call, expected) => {
    const client = await connect(server, era);
    expect(await answer(client, call)).toContain(expected);
    await client.close();
  });
});

test('nobody calls without a key, and nothing but the endpoints is reached', async () => {
  expect((await fetch(`${origin}/orders/mcp`, { method: 'POST', body: '{}' })).status).toBe(401);
  expect((await fetch(`${origin}/orders/readyz`)).status).toBe(404);
  expect((await fetch(`${origin}/mcp`)).status).toBe(404);
});
