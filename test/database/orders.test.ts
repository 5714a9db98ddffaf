// What the reading half of orders answers, on the engine of this run, with the demo data that comes with it.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { allowedActions, orderStatuses, transitions, type CommerceSchema } from '@mortise/commerce';
import type { Database } from '@mortise/database';
import { describeError } from '@mortise/orders';

import { openTestDatabase, type OpenTestDatabase } from './open-test-database.ts';
import { ordersClient, type OrdersClient } from './orders-client.ts';

let server: OpenTestDatabase;
let database: Database<CommerceSchema>;
let client: OrdersClient;

beforeAll(async () => {
  server = await openTestDatabase();
  database = server.open();
  client = await ordersClient(database);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function ids(values: Record<string, unknown>): Promise<string[]> {
  const { result, text, isError } = await client.call('search_orders', values);
  expect({ isError, text }).toMatchObject({ isError: false });
  return (result.orders as { order_id: string }[]).map(({ order_id }) => order_id);
}

/** Every page of a list; `between` runs after each page. */
async function pages(values: Record<string, unknown>, between = async (): Promise<void> => {}): Promise<string[]> {
  const all: string[] = [];
  let cursor: string | null = null;
  do {
    const { result, text, isError } = await client.call('search_orders', { ...values, ...(cursor && { cursor }) });
    expect({ isError, text }).toMatchObject({ isError: false });
    all.push(...(result.orders as { order_id: string }[]).map(({ order_id }) => order_id));
    expect(result.has_more).toBe(result.next_cursor !== null);
    cursor = result.next_cursor as string | null;
    await between();
  } while (cursor !== null);
  return all;
}

describe('searching', () => {
  test('lists a customer, newest first, with exact amounts', async () => {
    const { result } = await client.call('search_orders', { customer_id: 'CUS-1005', limit: 1 });
    expect(result).toEqual({
      orders: [
        {
          order_id: 'ORD-10009',
          customer: { customer_id: 'CUS-1005', name: 'Zoë Müller' },
          status: 'delivered',
          total: { minor: 80_352, currency: 'JPY', formatted: '¥80,352' },
          refunded: { minor: 0, currency: 'JPY', formatted: '¥0' },
          item_count: 30,
          placed_at: '2026-10-07T23:55:00Z',
        },
      ],
      has_more: true,
      next_cursor: expect.any(String),
    });
  });

  test.each([
    ['ORD-10009', ['ORD-10009']],
    ['ord-10009', ['ORD-10009']],
    ['10009', ['ORD-10009']],
    ['CUS-1005', ['ORD-10009', 'ORD-10008', 'ORD-10007']],
    ['zoe muller', ['ORD-10009', 'ORD-10008', 'ORD-10007']],
    ['  ZOE \n MÜLL ', ['ORD-10009', 'ORD-10008', 'ORD-10007']],
    ['acme corporation', ['ORD-10006']],
    ['dana.whitfield@acme.example', ['ORD-10001', 'ORD-10002']],
    ['zo', []],
    ['%', []],
    ['\u0301', []],
    ["'; drop table orders; --", []],
  ])('%j finds %j', async (query, expected) => {
    expect((await ids({ query })).toSorted()).toEqual(expected.toSorted());
  });

  test('finds a stock number in any line', async () => {
    const { rows } = await sql<{ n: number }>`
      select count(distinct order_id) as n from order_items where sku = 'MUG-810-EUR'`.execute(database.db);
    const found = await pages({ query: 'mug-810-eur', limit: 50 });
    expect(found.length).toBe(rows[0]?.n);
    expect(found.length).toBeGreaterThan(10);
  });

  test('narrows by status, currency and total together', async () => {
    const filter = { status: ['paid', 'pending'], currency: 'USD', min_total_minor: 10_000, max_total_minor: 200_000 };
    const { rows } = await sql<{ id: string }>`
      select 'ORD-' || id as id from orders where status in ('paid', 'pending') and currency = 'USD'
        and total_minor between 10000 and 200000`.execute(database.db);
    expect((await pages({ ...filter, limit: 3 })).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    expect(rows.length).toBeGreaterThan(3);
  });

  test('takes days where they are: half open, in the time zone named', async () => {
    await using own = await openTestDatabase();
    const ownDatabase = own.open();
    await sql`insert into orders (tenant_id, id, customer_id, currency, subtotal_minor, tax_minor, total_minor, placed_at)
      select 'main', n, 1001, 'USD', 1, 0, 1, at::timestamptz from (values
        (1, '2031-10-25T21:59:59.999999Z'), (2, '2031-10-25T22:00:00Z'), (3, '2031-10-26T22:59:59.999999Z'),
        (4, '2031-10-26T23:00:00Z')) as v (n, at)`.execute(ownDatabase.db);
    await using berlin = await ordersClient(ownDatabase);
    // The day on which clocks go back has 25 hours.
    const day = { placed_after: '2031-10-26', placed_before: '2031-10-27', sort: 'oldest' };
    const found = async (values: object): Promise<string[]> => {
      const { result } = await berlin.call('search_orders', { ...day, ...values });
      return (result.orders as { order_id: string }[]).map(({ order_id }) => order_id);
    };
    expect(await found({ timezone: 'Europe/Berlin' })).toEqual(['ORD-2', 'ORD-3']);
    expect(await found({})).toEqual(['ORD-3', 'ORD-4']);
    const local = { placed_after: '2031-10-25T22:00:00Z', placed_before: '2031-10-26T23:59:59.999999+01:00' };
    expect(await found(local)).toEqual(['ORD-2']);
  });

  test.each([
    [{ placed_after: '2026-02-30' }, 'INVALID_ARGUMENT', 'placed_after is no date'],
    [{ placed_before: 'yesterday' }, 'INVALID_ARGUMENT', 'placed_before is no date'],
    [{ placed_before: '2026-10-01T25:00:00Z' }, 'INVALID_ARGUMENT', 'placed_before is no date'],
    [{ placed_after: '2026-10-01', timezone: '+02:00' }, 'INVALID_ARGUMENT', 'timezone is no time zone'],
    [{ placed_after: '2026-10-01', timezone: 'Europe/Atlantis' }, 'INVALID_ARGUMENT', 'timezone is no time zone'],
    [{ min_total_minor: 5 }, 'INVALID_ARGUMENT', 'without a currency'],
    [{ customer_id: 'ORD-1' }, 'INVALID_ARGUMENT', 'customer_id has to look like'],
    [{ query: '\0' }, 'INVALID_ARGUMENT', 'query is blank or holds control characters'],
    [{ status: ['lost'] }, 'INVALID_ARGUMENT', 'status'],
    [{ cursor: 'e30.AAAA' }, 'INVALID_CURSOR', 'Repeat the call without cursor'],
  ])('%j is %s', async (values, code, words) => {
    const { isError, text, result } = await client.call('search_orders', values);
    expect({ isError, code: result.code }).toEqual({ isError: true, code });
    expect(text).toContain(words);
  });
});

test('a time zone that JavaScript knows and the database does not is an answer', async () => {
  const unknown = await sql`select now() at time zone 'Europe/Atlantis'`.execute(database.db).catch((error) => error);
  expect(describeError(unknown)).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('timezone'),
  });
  // Systems differ in the old names that they keep.
  for (const name of ['Asia/Kolkata', 'Asia/Calcutta', 'America/Los_Angeles', 'US/Pacific', 'Europe/Kiev']) {
    const known = await sql`select now() at time zone ${name}`.execute(database.db).then(
      () => true,
      () => false,
    );
    const values = { placed_after: '2026-10-01', timezone: name, limit: 1 };
    const { isError, text } = await client.call('search_orders', values);
    expect({ name, isError }).toEqual({ name, isError: !known });
    if (isError) expect(text).toMatch(/^INVALID_ARGUMENT: The database does not know this timezone\./);
  }
});

describe('paging', () => {
  test('shows every order once, in both directions', async () => {
    const filter = { status: ['delivered'], limit: 50 };
    const newest = await pages({ ...filter, sort: 'newest' });
    const { rows } = await sql<{ id: string }>`
      select 'ORD-' || id as id from orders where status = 'delivered' order by placed_at desc, orders.id desc`.execute(
      database.db,
    );
    expect(newest).toEqual(rows.map(({ id }) => id));
    expect(await pages({ ...filter, sort: 'oldest' })).toEqual(newest.toReversed());
  });

  test('neither skips nor repeats, by microseconds and while orders are placed', async () => {
    await using own = await openTestDatabase();
    const ownDatabase = own.open();
    const place = (first: number, count: number, at: string) =>
      sql`insert into orders (tenant_id, id, customer_id, currency, subtotal_minor, tax_minor, total_minor, placed_at)
        select 'main', n, 1008, 'USD', 1, 0, 1, ${at}::timestamptz + (n / 3) * interval '1 microsecond'
        from generate_series(${first}::int, ${first + count - 1}::int) as n`.execute(ownDatabase.db);
    await place(1, 40, '2026-10-01T00:00:00Z');
    await using other = await ordersClient(ownDatabase);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 6; page += 1) {
      const { result } = await other.call('search_orders', {
        customer_id: 'CUS-1008',
        limit: 7,
        ...(cursor && { cursor }),
      });
      seen.push(...(result.orders as { order_id: string }[]).map(({ order_id }) => order_id));
      cursor = result.next_cursor ?? undefined;
      await place(100 + page * 10, 5, '2026-10-02T00:00:00Z');
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, index) => `ORD-${40 - index}`));
    expect(cursor).toBeUndefined();
  });

  test('refuses a cursor with other filters', async () => {
    const { result } = await client.call('search_orders', { status: ['paid'], limit: 1 });
    const other = await client.call('search_orders', { status: ['pending'], limit: 1, cursor: result.next_cursor });
    expect(other.result).toMatchObject({ code: 'INVALID_CURSOR', retryable: false });
    const same = await client.call('search_orders', { status: ['paid'], limit: 2, cursor: result.next_cursor });
    expect(same.isError).toBe(false);
  });

  test('reads an index, not the table', async () => {
    const rows = await database.write(
      async (transaction) => {
        await sql`select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(
          transaction,
        );
        const explained = await sql<{ 'QUERY PLAN': string }>`explain select id from orders
          where (placed_at, id) < ('2026-01-01T00:00:00Z'::timestamptz, 5::bigint) order by placed_at desc, id desc limit 20`.execute(
          transaction,
        );
        return explained.rows;
      },
      { 'app.tenant_id': 'main' },
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index Cond: \(\(tenant_id = .*\) AND \(ROW\(placed_at, id\) < ROW\(/);
    expect(plan).not.toContain('Sort');
  });
});

describe('an order', () => {
  test('comes with lines, amounts, events, version and what may be done', async () => {
    const { result } = await client.call('get_order', { order_id: 'ORD-10007' });
    expect(result).toMatchObject({
      order_id: 'ORD-10007',
      customer: { customer_id: 'CUS-1005', name: 'Zoë Müller' },
      status: 'paid',
      version: 2,
      allowed_actions: ['ship', 'cancel', 'refund'],
      total: { minor: 30_722, currency: 'EUR', formatted: '€307.22' },
      refunded: { minor: 0 },
      note: null,
      tracking_number: null,
      placed_at: '2026-10-02T07:15:00Z',
      events: [
        { from_status: null, to_status: 'pending', actor: 'customer', refunded: null, at: '2026-10-02T07:15:00Z' },
        { from_status: 'pending', to_status: 'paid', actor: 'payments', refunded: null },
      ],
    });
    const lines = result.items as { unit_price: { minor: number }; quantity: number; line_total: { minor: number } }[];
    for (const { unit_price, quantity, line_total } of lines)
      expect(line_total.minor).toBe(unit_price.minor * quantity);
    expect(lines.reduce((sum, { line_total }) => sum + line_total.minor, 0)).toBe(result.subtotal.minor);
    expect(result.subtotal.minor + result.tax.minor).toBe(result.total.minor);
  });

  test('that was refunded says by which event', async () => {
    const { rows } = await sql<{ id: string }>`
      select 'ORD-' || id as id from orders where status = 'refunded' limit 1`.execute(database.db);
    const { result } = await client.call('get_order', { order_id: rows[0]?.id });
    expect(result.refunded).toEqual(result.total);
    expect(result.events.at(-1)).toMatchObject({ to_status: 'refunded', refunded: result.total });
    expect(result.allowed_actions).toEqual([]);
  });

  test('is a resource too, whose number completes', async () => {
    const { contents } = await client.client.readResource({ uri: 'order://ORD-10009' });
    const [content] = contents as { text: string }[];
    expect(JSON.parse(content?.text ?? '')).toMatchObject({ order_id: 'ORD-10009', status: 'delivered' });
    const complete = async (value: string) => {
      const ref = { type: 'ref/resource', uri: 'order://{order_id}' } as const;
      const { completion } = await client.client.complete({ ref, argument: { name: 'order_id', value } });
      return completion.values;
    };
    expect((await complete('ORD-1000')).slice(0, 2)).toEqual(['ORD-10009', 'ORD-10008']);
    expect(await complete('')).toHaveLength(20);
    expect(await complete('xyz')).toEqual([]);
  });

  test.each([
    ['ORD-9', 'ORDER_NOT_FOUND'],
    ['ORD-9007199254740991', 'ORDER_NOT_FOUND'],
    ['CUS-1001', 'INVALID_ARGUMENT'],
    ['ORD-0', 'INVALID_ARGUMENT'],
    ['1 or 1=1', 'INVALID_ARGUMENT'],
  ])('%s is %s', async (order_id, code) => {
    const { isError, result } = await client.call('get_order', { order_id });
    expect({ isError, code: result.code }).toEqual({ isError: true, code });
  });
});

describe('summing up', () => {
  interface Line {
    key: string;
    label: string;
    orders: number;
    pieces: number;
    total: { minor: number; currency: string };
    refunded: { minor: number } | null;
  }
  const year = { placed_after: '2025-11-01', placed_before: '2026-11-01', top: 50 };

  async function lines(values: Record<string, unknown>): Promise<Line[]> {
    const { isError, text, result } = await client.call('summarize_orders', { ...year, ...values });
    expect({ isError, text }).toMatchObject({ isError: false });
    return result.groups as Line[];
  }

  const added = (all: readonly Line[], currency: string, part: (line: Line) => number): number =>
    all.filter(({ total }) => total.currency === currency).reduce((sum, line) => sum + part(line), 0);

  test('by status, week and month gives the same sums of each currency as the table', async () => {
    const { rows } = await sql<{ currency: string; orders: number; total: number; refunded: number; pieces: number }>`
      select currency, count(*) as orders, sum(total_minor)::bigint as total, sum(refunded_minor)::bigint as refunded,
        sum((select sum(quantity) from order_items where order_id = orders.id))::bigint as pieces
      from orders where placed_at >= '2026-01-05T00:00Z' and placed_at < '2026-04-06T00:00Z' group by currency`.execute(
      database.db,
    );
    expect(rows.length).toBe(3);
    for (const group_by of ['status', 'week', 'month']) {
      const all = await lines({ group_by, placed_after: '2026-01-05', placed_before: '2026-04-06' });
      for (const { currency, ...sums } of rows) {
        expect({
          orders: added(all, currency, ({ orders }) => orders),
          total: added(all, currency, ({ total }) => total.minor),
          refunded: added(all, currency, ({ refunded }) => refunded?.minor ?? Number.NaN),
          pieces: added(all, currency, ({ pieces }) => pieces),
        }).toEqual(sums);
      }
    }
  });

  test('begins weeks on Monday, and days where they are', async () => {
    const weeks = await lines({ group_by: 'week' });
    for (const { key } of weeks) expect(new Date(`${key}T00:00:00Z`).getUTCDay()).toBe(1);
    expect(weeks.map(({ key }) => key)).toEqual(
      weeks
        .map(({ key }) => key)
        .toSorted()
        .toReversed(),
    );

    // ORD-10009 was placed on 2026-10-07T23:55Z.
    const day = { group_by: 'day', placed_after: '2026-10-07T23:50:00Z', placed_before: '2026-10-08T00:00:00Z' };
    expect((await lines(day)).map(({ key }) => key)).toContain('2026-10-07');
    for (const { key } of await lines({ ...day, timezone: 'Asia/Tokyo' })) expect(key).toBe('2026-10-08');
  });

  test('by customer names them, those with the most orders first', async () => {
    const [first] = await lines({ group_by: 'customer', placed_after: '2020-01-01' });
    expect(first).toMatchObject({ key: 'CUS-1009', orders: 250 });
    expect(first?.label).not.toBe('CUS-1009');
  });

  test('by product counts lines, without the tax of orders', async () => {
    const all = await lines({ group_by: 'product' });
    const { rows } = await sql<{ orders: number; pieces: number; total: number }>`
      select count(distinct order_id) as orders, sum(quantity)::bigint as pieces,
        sum(quantity * unit_price_minor)::bigint as total
      from order_items join orders on orders.id = order_id
      where sku = ${all[0]?.key} and placed_at >= '2025-11-01' and placed_at < '2026-11-01'`.execute(database.db);
    expect(all[0]).toMatchObject({ ...rows[0], total: { minor: rows[0]?.total }, refunded: null });
    expect(all[0]?.label).not.toBe(all[0]?.key);
  });

  test('says when there is more', async () => {
    const { result } = await client.call('summarize_orders', { ...year, group_by: 'product', top: 2 });
    expect(result).toMatchObject({ groups: { length: 2 }, has_more: true });
  });

  test.each([
    [{ placed_after: 'today' }, 'placed_after is no date'],
    [{ timezone: "UTC'; drop table orders; --" }, 'timezone is no time zone'],
    [{ group_by: 'colour' }, 'group_by'],
  ])('refuses %j', async (change, words) => {
    const { isError, text } = await client.call('summarize_orders', { ...year, group_by: 'day', ...change });
    expect(isError).toBe(true);
    expect(text).toMatch(/^INVALID_ARGUMENT: /);
    expect(text).toContain(words);
  });
});

test('the state machine is told as it is: as a table and as a drawing', async () => {
  const { contents } = await client.client.readResource({ uri: 'orders://state-machine' });
  const [content] = contents as { text: string }[];
  const { statuses, mermaid } = JSON.parse(content?.text ?? '') as {
    statuses: { status: keyof typeof transitions; final: boolean; allowed: { leads_to: string; action: string }[] }[];
    mermaid: string;
  };
  expect(statuses.map(({ status }) => status)).toEqual(orderStatuses);
  for (const { status, final, allowed } of statuses) {
    expect(allowed.map(({ leads_to }) => leads_to).toSorted()).toEqual(transitions[status].toSorted());
    expect(allowed.map(({ action }) => action)).toEqual(allowedActions(status));
    expect(final).toBe(allowed.length === 0);
    for (const { action, leads_to } of allowed) expect(mermaid).toContain(`${status} --> ${leads_to}: ${action}\n`);
  }
});

test('prompts name tools that exist, and the order that was asked for', async () => {
  const { tools } = await client.client.listTools();
  const names = tools.map(({ name }) => name);
  const investigation = await client.client.getPrompt({
    name: 'order_investigation',
    arguments: { order_id: 'ord-10007' },
  });
  const review = await client.client.getPrompt({
    name: 'open_orders_review',
    arguments: { status: 'paid', older_than_days: '3' },
  });
  const texts = [investigation, review].map(({ messages }) => JSON.stringify(messages));
  expect(texts[0]).toContain('ORD-10007');
  expect(texts[1]).toMatch(/placed_before[^]*20\d\d-\d\d-\d\dT/);
  for (const text of texts) {
    for (const [name] of text.matchAll(/\b(search|get|create|advance|cancel|refund|summarize)_\w+/g)) {
      expect(names).toContain(name);
    }
  }
});

test('reading tools say that they only read', async () => {
  const { tools } = await client.client.listTools();
  for (const name of ['search_orders', 'get_order', 'summarize_orders']) {
    expect(tools.find((tool) => tool.name === name)?.annotations).toMatchObject({
      readOnlyHint: true,
      idempotentHint: true,
      openWorldHint: false,
    });
  }
});
