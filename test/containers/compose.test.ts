// deploy/compose.yaml as it stands: what is hardened, who may call, a replica that is killed and one that is rolled over.
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { CommerceSchema } from '@mortise/commerce';
import { seed } from '@mortise/commerce/demo';
import { openDatabase } from '@mortise/database';
import { Client as Postgres } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';

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
      SERVER_PASSWORD: randomBytes(24).toString('hex'),
      STATE_KEY: randomBytes(32).toString('base64url'),
      ORDERS_TAX_PERCENT: '8',
      DRAIN_SECONDS: '10',
      FOLDER: join(folder, 'served'),
      API_KEYS_FILE: join(folder, 'keys'),
    },
  });
}

async function addressOf(service: string, index = 1): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return await docker('inspect', '--format', format, `${project}-${service}-${index}`);
}

let origin: string;
let postgres: Postgres;

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
  postgres = new Postgres(url);
  await postgres.connect();
  // An order with the note "gate" is written when the gate is open: a call that is in flight for as long as wanted.
  await postgres.query(`
    create table test_gate (open boolean);
    create function wait_at_gate() returns trigger language plpgsql security definer as $$
    begin
      while not exists (select from test_gate) loop perform pg_sleep(0.02); end loop;
      return new;
    end $$;
    create trigger wait_at_gate before insert on orders for each row when (new.note = 'gate')
      execute function wait_at_gate()`);
}, 300_000);

afterAll(async () => {
  await postgres?.end();
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

function order(idempotencyKey: string): Call {
  const items = [{ sku: 'HUB-530-USD', quantity: 1 }];
  const values = { customer_id: 'CUS-1001', items, note: 'gate', allow_duplicate: true };
  return { name: 'create_order', arguments: { ...values, idempotency_key: idempotencyKey } };
}

/** The container whose call waits at the gate. */
async function replicaAtGate(): Promise<string> {
  return await vi.waitFor(async () => {
    const { rows } = await postgres.query<{ address: string }>(
      `select host(client_addr) as address from pg_stat_activity where wait_event = 'PgSleep'`,
    );
    for (const index of [1, 2]) {
      if ((await addressOf('orders', index)) === rows[0]?.address) return `${project}-orders-${index}`;
    }
    throw new Error('no call waits at the gate');
  }, 20_000);
}

async function untilHealthy(container: string): Promise<void> {
  const health = (): Promise<string> => docker('inspect', '--format', '{{.State.Health.Status}}', container);
  await vi.waitFor(async () => expect(await health()).toBe('healthy'), { timeout: 60_000, interval: 250 });
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

test('the servers are logged in as one who owns nothing', async () => {
  const { rows } = await postgres.query(`
    select distinct usename, rolsuper, rolcreaterole, (select count(*)::int from pg_class where relowner = usesysid) as owned
    from pg_stat_activity join pg_roles on pg_roles.oid = usesysid
    where application_name in ('customer-db', 'orders')`);
  expect(rows).toEqual([{ usename: 'server', rolsuper: false, rolcreaterole: false, owned: 0 }]);
});

test('nobody calls without a key, and nothing but the endpoints is reached', async () => {
  expect((await fetch(`${origin}/orders/mcp`, { method: 'POST', body: '{}' })).status).toBe(401);
  expect((await fetch(`${origin}/orders/readyz`)).status).toBe(404);
  expect((await fetch(`${origin}/mcp`)).status).toBe(404);
});

describe('a replica', () => {
  beforeEach(() => postgres.query('truncate test_gate'));

  test('that is killed fails the call in flight, which is made once when it is repeated', async () => {
    const client = await connect('orders', '2026');
    const outcome = answer(client, order('a replica that is killed')).then(() => 'answered', String);
    const replica = await replicaAtGate();
    await docker('kill', replica);
    expect(await outcome).toMatch(/502|fetch failed/);
    await postgres.query('insert into test_gate values (true)');
    expect(await answer(client, order('a replica that is killed'))).toContain('ORD-');
    const { rows } = await postgres.query(`select count(*)::int as count from orders where note = 'gate'`);
    expect(rows).toEqual([{ count: 1 }]);
    await client.close();
    await docker('start', replica);
    await untilHealthy(replica);
  }, 90_000);

  test('that is rolled over fails no call; its old sessions begin anew', async () => {
    const old = await Promise.all([1, 2, 3, 4].map(() => connect('orders', '2025')));
    for (const client of old) await answer(client, SEARCH);

    const failures: string[] = [];
    const answered = { '2025': 0, '2026': 0 };
    const rolled = new AbortController();
    const load = async (era: Era): Promise<void> => {
      try {
        while (!rolled.signal.aborted) {
          const client = await connect('orders', era);
          for (let calls = 0; calls < 3; calls += 1) {
            await answer(client, SEARCH);
            answered[era] += 1;
          }
          await client.close();
        }
      } catch (error) {
        failures.push(`${era}: ${String(error)}`);
      }
    };
    const loads = (['2026', '2026', '2026', '2025', '2025'] as const).map((era) => load(era));
    const inFlight = await connect('orders', '2026');
    const call = answer(inFlight, order('a replica that is rolled over'));
    const replica = await replicaAtGate();
    const stopped = docker('stop', '--time', '40', replica);
    await postgres.query('insert into test_gate values (true)');
    expect(await call).toContain('ORD-');
    await stopped;
    expect(await docker('inspect', '--format', '{{.State.ExitCode}}', replica)).toBe('0');
    const before = { ...answered };

    const outcomes = await Promise.all(old.map((client) => answer(client, SEARCH).then(() => 'answered', String)));
    expect(outcomes).toContain('answered');
    const lost = outcomes.filter((outcome) => outcome !== 'answered');
    expect(lost.length).toBeGreaterThan(0);
    for (const outcome of lost) expect(outcome).toContain('Session not found');
    const anew = await connect('orders', '2025');
    expect(await answer(anew, SEARCH)).toContain('ORD-');

    await docker('start', replica);
    await untilHealthy(replica);
    rolled.abort();
    await Promise.all(loads);
    expect(failures).toEqual([]);
    for (const era of ['2025', '2026'] as const) expect(answered[era]).toBeGreaterThan(before[era]);
    await Promise.all([...old, anew, inFlight].map((client) => client.close()));
  }, 120_000);
});
