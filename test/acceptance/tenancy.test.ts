// Two tenants of one database, as clients with tokens of a real issuer see them over HTTP, through both servers. Each
// server logs in with as few rights as it can do with.
import { fileURLToPath } from 'node:url';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { CommerceSchema } from '@mortise/commerce';
import type { Database } from '@mortise/database';

import { createLogin } from '../database/fixtures/login.ts';
import { addTenant, secondTenant } from '../database/fixtures/second-tenant.ts';
import { openTestDatabase, type OpenTestDatabase } from '../database/open-test-database.ts';
import { cli, serveHttp, type HttpServer } from './customer-db.ts';
import { startIssuer, type Issuer } from './fixtures/issuer.ts';

const AUDIENCE = 'https://mcp.example/mcp';
const SCOPES = ['customers:read', 'orders:read', 'orders:write', 'orders:refund'];
const ORDERS = fileURLToPath(new URL('dist/cli.js', import.meta.resolve('@mortise/orders/package.json')));

/** Whatever of the second tenant would give it away in an answer to the first. */
const GIVEAWAY = /Quill|Vantongeren|TEN-900|Tent\b|900001/;

interface Caller extends AsyncDisposable {
  readonly client: Client;
  /** The text of an answer; an error begins with its code. */
  call(tool: string, values: Record<string, unknown>): Promise<string>;
}

async function connect(server: HttpServer, token: string): Promise<Caller> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { requestInit }));
  return {
    client,
    async call(name, values) {
      const { content } = await client.callTool({ name, arguments: values });
      return content.map((part) => ('text' in part ? part.text : '')).join('');
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

describe.skipIf(process.env['TEST_DATABASE'] === 'embedded')('two tenants', () => {
  const stack = new AsyncDisposableStack();
  let test: OpenTestDatabase;
  let database: Database<CommerceSchema>;
  let issuer: Issuer;
  let url: string;
  let customerDb: HttpServer;
  let orders: HttpServer;

  const environment = (more: Record<string, string> = {}): Record<string, string> => ({
    DATABASE_URL: url,
    MORTISE_AUTH_ISSUER: issuer.url,
    MORTISE_AUTH_AUDIENCE: AUDIENCE,
    ORDERS_TAX_PERCENT: '8',
    CONFIRM_WRITES: 'off',
    ...more,
  });

  beforeAll(async () => {
    test = stack.use(await openTestDatabase());
    database = test.open();
    await addTenant(database.db, 'other');
    issuer = stack.use(await startIssuer({ 'of-main': 'main', 'of-other': 'other', 'of-none': undefined }, SCOPES));
    const login = stack.use(await createLogin(database.db, test.url ?? '', 'in role mcp_app'));
    ({ url } = login);
    customerDb = stack.use(await serveHttp(environment(), cli));
    orders = stack.use(await serveHttp(environment(), ORDERS));
  });
  afterAll(() => stack.disposeAsync());

  const caller = async (server: HttpServer, client: string): Promise<Caller> =>
    connect(server, await issuer.token(client, AUDIENCE, SCOPES.join(' ')));

  /** The rows of a tenant, all of them. */
  async function rowsOf(tenant: string): Promise<unknown> {
    const tables = ['customers', 'products', 'orders', 'order_items', 'order_events', 'idempotency_keys', 'audit_log'];
    const rows = tables.map((table) =>
      sql`select t::text as row from ${sql.table(table)} as t where tenant_id = ${tenant} order by 1`.execute(
        database.db,
      ),
    );
    return (await Promise.all(rows)).map((each) => each.rows);
  }

  const { email, name, sku } = secondTenant;
  const theirs = { customer_id: `CUS-${secondTenant.customer}`, order_id: `ORD-${secondTenant.order}` };
  const nobody = { customer_id: 'CUS-800001', order_id: 'ORD-800001' };

  it('customer-db: each sees its own customers, and of the other’s that there are none', async () => {
    await using main = await caller(customerDb, 'of-main');
    await using other = await caller(customerDb, 'of-other');
    for (const query of [email, name, 'quill', 'antonger', 'Acme Corp']) {
      expect(await other.call('search_customers', { query })).toContain(name);
      expect(await main.call('search_customers', { query })).not.toMatch(GIVEAWAY);
    }
    expect(await other.call('search_customers', { query: 'Dana Whitfield' })).not.toContain('Dana');
    for (const tool of ['get_customer', 'get_customer_orders']) {
      expect(await other.call(tool, { customer_id: theirs.customer_id })).toContain(name);
      const refused = await main.call(tool, { customer_id: theirs.customer_id });
      // The same words as for a number that nobody has.
      expect(refused).toBe(await main.call(tool, { customer_id: nobody.customer_id }));
      expect(refused).toMatch(/^CUSTOMER_NOT_FOUND/);
    }
    expect(await main.call('get_customer', { email })).toMatch(/^CUSTOMER_NOT_FOUND/);
    const batch = await main.call('get_customers_batch', { customer_ids: ['CUS-1001', theirs.customer_id] });
    expect(batch).toContain('Dana Whitfield');
    expect(batch).not.toContain(name);
    expect(await other.call('get_customers_batch', { customer_ids: ['CUS-1001', theirs.customer_id] })).not.toContain(
      'Dana',
    );

    const uri = `customer://${theirs.customer_id}`;
    await expect(main.client.readResource({ uri })).rejects.toThrow(/CUSTOMER_NOT_FOUND/);
    expect(JSON.stringify(await other.client.readResource({ uri }))).toContain(name);
    const ref = { type: 'ref/resource', uri: 'customer://{customer_id}' } as const;
    const suggested = async ({ client }: Caller, value: string): Promise<readonly string[]> =>
      (await client.complete({ ref, argument: { name: 'customer_id', value } })).completion.values;
    expect(await suggested(other, '')).toEqual([theirs.customer_id]);
    expect(await suggested(main, '900')).toEqual([]);
  });

  it('orders: each counts, reads and completes its own', async () => {
    await using main = await caller(orders, 'of-main');
    await using other = await caller(orders, 'of-other');
    expect(await other.call('search_orders', {})).toMatch(/"has_more": ?false/);
    expect(await other.call('search_orders', {})).toContain(theirs.order_id);
    for (const query of [theirs.order_id, theirs.customer_id, sku, email, name]) {
      expect(await other.call('search_orders', { query })).toContain(theirs.order_id);
      expect(await main.call('search_orders', { query })).not.toMatch(GIVEAWAY);
    }
    const october = { placed_after: '2026-10-01', placed_before: '2026-10-01T00:00:01Z' };
    for (const group_by of ['day', 'status', 'customer', 'product']) {
      expect(await other.call('summarize_orders', { group_by, ...october })).toMatch(/"orders": ?1\b/);
      expect(await main.call('summarize_orders', { group_by, ...october })).toMatch(/"groups": ?\[\]/);
    }
    const refused = await main.call('get_order', { order_id: theirs.order_id });
    expect(refused).toBe(await main.call('get_order', { order_id: nobody.order_id }));
    expect(refused).toMatch(/^ORDER_NOT_FOUND/);

    const uri = `order://${theirs.order_id}`;
    await expect(main.client.readResource({ uri })).rejects.toThrow(/ORDER_NOT_FOUND/);
    expect(JSON.stringify(await other.client.readResource({ uri }))).toContain(name);
    const ref = { type: 'ref/resource', uri: 'order://{order_id}' } as const;
    const suggested = async ({ client }: Caller, value: string): Promise<readonly string[]> =>
      (await client.complete({ ref, argument: { name: 'order_id', value } })).completion.values;
    expect(await suggested(other, '')).toEqual([theirs.order_id]);
    expect(await suggested(main, '900')).toEqual([]);

    const page = JSON.parse(await main.call('search_orders', { limit: 1 })) as { next_cursor: string };
    expect(await other.call('search_orders', { limit: 1, cursor: page.next_cursor })).toMatch(/^INVALID_CURSOR/);
  });

  it('orders: nobody changes what is the other’s, however much they know of it', async () => {
    const before = await rowsOf('other');
    const mine = await rowsOf('main');
    await using main = await caller(orders, 'of-main');
    const reason = 'mine now';
    const items = [{ sku: 'MUG-810-USD', quantity: 1 }];
    for (const [tool, values, code] of [
      ['advance_order', { order_id: theirs.order_id, action: 'pay', expected_version: 1 }, 'ORDER_NOT_FOUND'],
      ['cancel_order', { order_id: theirs.order_id, expected_version: 1, reason }, 'ORDER_NOT_FOUND'],
      ['refund_order', { order_id: theirs.order_id, reason, idempotency_key: 'tenancy-key-1' }, 'ORDER_NOT_FOUND'],
      [
        'create_order',
        { customer_id: theirs.customer_id, items, idempotency_key: 'tenancy-key-2' },
        'CUSTOMER_NOT_FOUND',
      ],
      [
        'create_order',
        { customer_id: 'CUS-1001', items: [{ sku, quantity: 1 }], idempotency_key: 'tenancy-key-3' },
        'PRODUCT_NOT_FOUND',
      ],
      ['get_order', { order_id: theirs.order_id, tenant_id: 'other' }, 'INVALID_ARGUMENT'],
    ] as const) {
      const answer = await main.call(tool, values);
      expect(answer).toMatch(new RegExp(`^${code}`));
      expect(answer.replaceAll(theirs.order_id, '').replaceAll(sku, '')).not.toMatch(GIVEAWAY);
    }
    expect(await rowsOf('other')).toEqual(before);
    expect(await rowsOf('main')).toEqual(mine);
  });

  it('orders: one key under two tenants is two changes, each with its own order', async () => {
    await using main = await caller(orders, 'of-main');
    await using other = await caller(orders, 'of-other');
    const idempotency_key = 'the same key';
    const ours = { customer_id: 'CUS-1001', items: [{ sku: 'MUG-810-USD', quantity: 1 }], idempotency_key };
    const first = JSON.parse(await main.call('create_order', ours)) as { order_id: string; replayed: boolean };
    const second = JSON.parse(
      await other.call('create_order', { ...ours, customer_id: theirs.customer_id, items: [{ sku, quantity: 1 }] }),
    ) as typeof first;
    expect([first.replayed, second.replayed]).toEqual([false, false]);
    expect(await main.call('get_order', { order_id: second.order_id })).toMatch(/^ORDER_NOT_FOUND/);
    const { rows } = await sql`select tenant_id, principal from audit_log where 'ORD-' || order_id in
      (${first.order_id}, ${second.order_id}) order by 1`.execute(database.db);
    expect(rows).toEqual([
      { tenant_id: 'main', principal: 'of-main' },
      { tenant_id: 'other', principal: 'of-other' },
    ]);
  });

  it('a token that names no tenant gets nothing', async () => {
    await using none = await caller(customerDb, 'of-none');
    await using neither = await caller(orders, 'of-none');
    expect(await none.call('search_customers', { query: 'Acme' })).toMatch(
      /^PERMISSION_DENIED: The token of this caller names no tenant/,
    );
    expect(await neither.call('search_orders', {})).toMatch(/^PERMISSION_DENIED/);
    const ref = { type: 'ref/resource', uri: 'order://{order_id}' } as const;
    await expect(neither.client.complete({ ref, argument: { name: 'order_id', value: '' } })).rejects.toThrow(
      /PERMISSION_DENIED/,
    );
  });

  describe.each(['masked', 'none'] as const)('with --pii-mode %s', (mode) => {
    it('nothing personal is in an answer, an error, a repeated answer or the log', async () => {
      await using server = await serveHttp(environment({ PII_MODE: mode }), ORDERS);
      await using main = await caller(server, 'of-main');
      const note = 'Tell dana.whitfield@acme.example or +1 212-555-0100';
      const values = {
        customer_id: 'CUS-1001',
        items: [{ sku: 'PEN-710-USD', quantity: 3 }],
        note,
        idempotency_key: `private ${mode}`,
        allow_duplicate: true,
      };
      // Placed while all of it was shown.
      await using open = await caller(orders, 'of-main');
      const placed = await open.call('create_order', values);
      expect(placed).toContain('Dana Whitfield');
      const { order_id } = JSON.parse(placed) as { order_id: string };
      const order = { order_id };
      await open.call('advance_order', { ...order, action: 'pay', expected_version: 1 });
      await open.call('advance_order', {
        ...order,
        action: 'ship',
        expected_version: 2,
        tracking_number: '1Z999AA10123456784',
      });
      await sql`insert into order_events (tenant_id, order_id, from_status, to_status, actor, reason)
        select 'main', id, status, status, 'dana.whitfield@acme.example', 'Asked by dana.whitfield@acme.example'
        from orders where 'ORD-' || id = ${order_id}`.execute(database.db);

      const answers = [
        await main.call('create_order', values),
        await main.call('get_order', order),
        await main.call('search_orders', { customer_id: 'CUS-1001' }),
        await main.call('summarize_orders', {
          group_by: 'customer',
          placed_after: '2026-01-01',
          placed_before: '2030-01-01',
          top: 50,
        }),
        JSON.stringify(await main.client.readResource({ uri: `order://${order_id}` })),
        await main.call('advance_order', { ...order, action: 'ship', expected_version: 3 }),
        await main.call('refund_order', { ...order, reason: 'x', idempotency_key: 'private refund' }),
      ];
      expect(answers[0]).toMatch(/"replayed": ?true/);
      expect(answers[5]).toMatch(/^INVALID_TRANSITION/);
      // What Postgres says of an error may hold anything.
      await sql`create function leak() returns trigger language plpgsql as $$ begin
        raise exception 'Key (email)=(dana.whitfield@acme.example) of Dana Whitfield' using errcode = 'P0001'; end $$`.execute(
        database.db,
      );
      await sql`create trigger leak before insert on orders for each row execute function leak()`.execute(database.db);
      const failed = await main.call('create_order', { ...values, idempotency_key: `failing ${mode}` });
      await sql`drop function leak cascade`.execute(database.db);
      expect(failed).toMatch(/^INTERNAL/);
      expect(server.log()).toContain('SQLSTATE P0001');
      const whole = /Whitfield|dana\.whitfield|1Z999AA1012345|555-0100/;
      for (const text of [...answers, failed, server.log()]) {
        expect(text).not.toMatch(whole);
      }
      expect(answers[1]).toContain(mode === 'masked' ? 'd***@acme.example' : '"tracking_number":null');
    });
  });
});
