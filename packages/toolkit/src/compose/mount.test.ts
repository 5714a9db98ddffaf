import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { Library, librarySurface } from '../fixtures/library.ts';
import { createServer, fromJsonSchema, ToolError, type Middleware, type Server } from '../index.ts';
import { run } from '../serve/command-line.ts';
import { describe as described, fix, hide, only, rename } from './transforms.ts';

const library = (instance = new Library()): Server =>
  createServer({ name: 'library', version: '1', surface: librarySurface, setup: () => instance });

/** A server whose tool tells its arguments, and whose errors only it knows. */
function orders(...use: Middleware[]): Server {
  const input = z.object({ status: z.enum(['open', 'closed']), limit: z.int().max(50).default(10), query: z.string() });
  return createServer({
    name: 'orders',
    version: '1',
    use,
    options: { database: { type: 'string', description: 'Where.', environment: 'ORDERS_DATABASE' } },
    commands: { migrate: { description: 'Migrate.', run: async ({ database }) => `migrated ${database}` } },
    describeError: (error) =>
      error instanceof RangeError ? { code: 'OUT_OF_STOCK', message: 'There is none.' } : undefined,
  })
    .tool('find_orders', { description: 'Find orders.', input, readOnly: true }, (values) => JSON.stringify(values))
    .tool('cancel_order', { description: 'Cancel.', input: z.object({}) }, () => {
      throw new RangeError('no row in table stock');
    })
    .prompt(
      'summarize',
      { description: 'Sum up.', input: z.object({ status: z.string(), style: z.string() }) },
      ({ status, style }) => `${status} ${style}`,
    )
    .resource('order://{id}', { name: 'order', description: 'An order.' }, ({ id }) => `order ${id}`);
}

const shop = (use: Middleware[] = []): Server => createServer({ name: 'shop', version: '1', use });

/** Writes down which middleware saw which call. */
function seen(name: string, log: string[]): Middleware {
  return async (call, next) => {
    log.push(`${name}:${call.name}`);
    return next();
  };
}

describe.each(['2025', '2026'] as const)('a client of %s', (era) => {
  test('finds what is mounted under its prefix, and what is not under its own name', async () => {
    const app = shop()
      .tool('open', { description: 'Open.', input: z.object({}) }, () => 'open')
      .mount('orders', orders())
      .mount('', library());
    await using t = await inProcess(app, era);
    const { tools } = await t.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'open',
      'orders_find_orders',
      'orders_cancel_order',
      'find_books',
      'echo',
      'fail',
      'wait',
    ]);
    expect((await t.client.listPrompts()).prompts.map(({ name }) => name)).toEqual([
      'orders_summarize',
      'reading_list',
    ]);
    const { resourceTemplates } = await t.client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([
      { name: 'orders_order', uriTemplate: 'order://{id}' },
      { uriTemplate: 'book://{title}' },
    ]);
    expect(await t.call('orders_find_orders', { status: 'open', query: 'x' })).toMatchObject({
      text: '{"status":"open","limit":10,"query":"x"}',
    });
    expect((await t.call('find_books', { query: 'Emma' })).structured).toMatchObject({ books: [{ title: 'Emma' }] });
    expect((await t.client.readResource({ uri: 'order://7' })).contents).toMatchObject([{ text: 'order 7' }]);
    const prompt = { name: 'orders_summarize', arguments: { status: 'open', style: 'short' } };
    expect((await t.client.getPrompt(prompt)).messages).toMatchObject([{ content: { text: 'open short' } }]);
    await expect(t.call('find_orders')).rejects.toThrow('Unknown tool: find_orders.');
  });

  test('sees what the transforms leave, and nothing else', async () => {
    const app = shop().mount('orders', orders(), [
      hide({ tools: ['cancel_order'] }),
      fix({ tools: { find_orders: { status: 'open' } }, prompts: { summarize: { style: 'short' } } }),
      described({
        tools: { find_orders: { description: 'Find open orders.', arguments: { query: 'Part of a name' } } },
        prompts: { summarize: { title: 'Sum up' } },
        resources: { 'order://{id}': 'One order.' },
      }),
      rename({ tools: { find_orders: 'search' }, resources: { 'order://{id}': 'one' } }),
    ]);
    await using t = await inProcess(app, era);
    const { tools } = await t.client.listTools();
    expect(tools).toMatchObject([
      {
        name: 'orders_search',
        description: 'Find open orders.',
        annotations: { readOnlyHint: true },
        inputSchema: { required: ['query'], properties: { query: { description: 'Part of a name' }, limit: {} } },
      },
    ]);
    expect(tools).toHaveLength(1);
    expect(JSON.stringify(tools)).not.toContain('status');
    const { prompts } = await t.client.listPrompts();
    expect(prompts).toMatchObject([{ name: 'orders_summarize', title: 'Sum up', arguments: [{ name: 'status' }] }]);
    const { resourceTemplates } = await t.client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([{ name: 'orders_one', description: 'One order.' }]);

    const found = await t.call('orders_search', { query: 'x', limit: '5' });
    expect(JSON.parse(found.text)).toEqual({ status: 'open', limit: 5, query: 'x' });
    const given = await t.call('orders_search', { query: 'x', status: 'closed' });
    expect(given).toMatchObject({ isError: true, text: expect.stringMatching(/^INVALID_ARGUMENT: status is not/) });
    await expect(t.call('orders_cancel_order')).rejects.toThrow('Unknown tool: orders_cancel_order.');
  });
});

test('middleware of the outer server stands around that of the mounted one, which sees nothing else', async () => {
  const log: string[] = [];
  const inner = createServer({ name: 'inner', version: '1', use: [seen('inner', log)] }).mount(
    'orders',
    orders(seen('orders', log)),
  );
  const app = shop([seen('outer', log)])
    .tool('open', { description: 'Open.', input: z.object({}) }, () => 'open')
    .mount('inner', inner);
  await using t = await inProcess(app);
  await t.call('inner_orders_find_orders', { status: 'open', query: '' });
  await t.call('open');
  expect(log).toEqual([
    'outer:inner_orders_find_orders',
    'inner:inner_orders_find_orders',
    'orders:inner_orders_find_orders',
    'outer:open',
  ]);
});

test('errors are described by the server that they come from, else by those around it', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const around = createServer({
    name: 'around',
    version: '1',
    describeError: (error) => (error instanceof TypeError ? { code: 'ODD', message: 'Odd.' } : undefined),
  })
    .mount(
      'odd',
      createServer({ name: 'odd', version: '1' })
        .tool('type', { description: '', input: z.object({}) }, () => {
          throw new TypeError('x');
        })
        .tool('range', { description: '', input: z.object({}) }, () => {
          throw new RangeError('x');
        })
        .tool('tool', { description: '', input: z.object({}) }, () => {
          throw new ToolError('Mine.', { code: 'MINE' });
        }),
    )
    .mount('orders', orders());
  await using t = await inProcess(around);
  expect((await t.call('orders_cancel_order')).text).toBe('OUT_OF_STOCK: There is none.');
  expect((await t.call('odd_type')).text).toBe('ODD: Odd.');
  expect((await t.call('odd_tool')).text).toBe('MINE: Mine.');
  expect((await t.call('odd_range')).text).toMatch(/^INTERNAL/);
  await using outermost = await inProcess(shop().mount('all', around));
  expect((await outermost.call('all_odd_type')).text).toBe('ODD: Odd.');
  stderr.mockRestore();
});

test('a fixed argument cannot be overridden where the schema takes what it does not name', async () => {
  const open = createServer({ name: 'open', version: '1' }).tool(
    'echo',
    { description: 'Echo.', input: fromJsonSchema({ type: 'object', properties: { tenant: { type: 'string' } } }) },
    (values) => JSON.stringify(values),
  );
  await using t = await inProcess(shop().mount('a', open, [fix({ tools: { echo: { tenant: 'acme' } } })]));
  expect((await t.call('a_echo', { tenant: 'other', more: 1 })).text).toBe('{"tenant":"acme","more":1}');
});

test('each mount is set up once, by itself, and closed with the outer server', async () => {
  const log: string[] = [];
  let made = 0;
  const counted = createServer({
    name: 'library',
    version: '1',
    surface: librarySurface,
    setup: (stack) => {
      const mine = (made += 1);
      stack.defer(() => log.push(`closed ${mine}`));
      return new Library();
    },
  });
  const app = shop()
    .mount('north', counted)
    .mount('south', counted, [only({ resources: [] })]);
  await using t = await inProcess(app);
  const both = await Promise.all(['north', 'south'].map((prefix) => t.call(`${prefix}_find_books`, { query: 'Emma' })));
  expect(both.map(({ isError }) => isError)).toEqual([false, false]);
  expect(made).toBe(2);
  await t.endpoint.close();
  expect(log).toEqual(['closed 2', 'closed 1']);
});

test('words on the command line go to the server that takes them', async () => {
  const told: Record<string, readonly string[]> = {};
  const taking = (name: string, operands?: { placeholder: string; description: string }): Server =>
    createServer({
      name,
      version: '1',
      ...(operands && { operands }),
      setup: (_, context) => {
        told[name] = context.operands;
        return [];
      },
    }).tool(name, { description: '', input: z.object({}) }, () => '');
  const app = taking('outer').mount('a', taking('inner', { placeholder: 'folder', description: 'Folders.' }));
  expect(app.operands).toMatchObject({ placeholder: 'folder' });
  const deployment = { callers: { kind: 'local', subject: 'ann' }, operands: ['/srv'] } as const;
  const endpoint = app.start({}, deployment);
  await endpoint.started;
  expect(told).toEqual({ outer: [], inner: ['/srv'] });
  await endpoint.close();
});

test('options are those of all, and commands carry the prefix', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation(((_: string, done?: () => void) => {
    done?.();
    return true;
  }) as typeof process.stdout.write);
  const app = shop()
    .mount('orders', orders())
    .mount('old', orders(), [only({ tools: [], prompts: [], resources: [] })]);
  await run(app, ['orders_migrate', '--database', 'x'], {});
  expect(stdout.mock.calls.map(([text]) => text)).toEqual(['migrated x\n']);
  expect(exit).toHaveBeenCalledWith(0);
  expect(Object.keys(app.commands)).toEqual(['orders_migrate', 'old_migrate']);
  vi.restoreAllMocks();
});

describe('the start is refused', () => {
  const long = 'a'.repeat(54);
  const other = createServer({
    name: 'other',
    version: '1',
    options: { database: { type: 'boolean', description: '', environment: 'ORDERS_DATABASE' } },
  });
  const guarded = createServer({
    name: 'guarded',
    version: '1',
    auth: { verifier: () => ({ verify: () => undefined }) },
  });

  test.each<[string, Server, string]>([
    ['for a name that is too long', shop().mount(long, orders()), 'MRT2003: the tool name "aaa'],
    ['for a prefix that clients refuse', shop().mount('my orders', orders()), 'MRT2003'],
    [
      'for a name that is taken',
      shop().mount('a', orders()).mount('a', orders()),
      'MRT2004: two tools have the name a_f',
    ],
    [
      'for a URI that is taken',
      shop().mount('a', orders()).mount('b', orders()),
      'MRT2004: two resources have the URI order://{id}; change or hide one.',
    ],
    [
      'for a transform of what is not there',
      shop().mount('a', orders(), [hide({ tools: ['cancel_orders'] })]),
      'MRT2016: hide names cancel_orders, which is none of the tools. Did you mean cancel_order?',
    ],
    [
      'for an argument that is not there',
      shop().mount('a', orders(), [fix({ tools: { find_orders: { state: 'open' } } })]),
      'MRT2016: state is no argument of find_orders; it has status, limit, query.',
    ],
    [
      'for a value that the argument does not take',
      shop().mount('a', orders(), [fix({ tools: { find_orders: { limit: 51 } } })]),
      'MRT2016: limit of find_orders cannot be 51',
    ],
    [
      'for two entries of one new name',
      shop().mount('a', orders(), [rename({ tools: { find_orders: 'cancel_order' } })]),
      'MRT2004',
    ],
    ['for an option with two meanings', shop().mount('a', orders()).mount('b', other), 'MRT2017: --database means two'],
    ['for tokens that nobody would check', shop().mount('a', guarded), 'MRT2017: guarded checks tokens'],
  ])('%s', (_, app, message) => {
    expect(() => app.start({})).toThrow(message);
  });
});

test('a server cannot be mounted into itself, nor what createServer did not make', () => {
  const outer = shop();
  const inner = orders().mount('outer', outer);
  expect(() => outer.mount('inner', inner)).toThrow('MRT2017: shop is mounted into itself.');
  expect(() => outer.mount('copy', { ...inner })).toThrow('MRT2017');
});
