import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { createServer, type Server } from '@mortise/toolkit';
import { only, rename } from '@mortise/toolkit/transforms';
import { expect, expectTypeOf, test, vi } from 'vitest';

import { Garden, garden, gardenSurface, type Plant } from './fixtures/garden.ts';
import { testClient, ToolCallError, type Methods, type TestClientOptions } from './index.ts';

const eras = ['2025', '2026'] as const;
const combinations = eras.flatMap((era) =>
  (['memory', 'http', 'stdio'] as const).map((transport) => [era, transport] as const),
);

const at = new Date('2025-01-02T03:04:05Z');

test.each(combinations)('the methods of a class are called, %s over %s', async (era, transport) => {
  const { server, closed } = garden();
  const asked: unknown[] = [];
  {
    await using t = await testClient(server, {
      era,
      transport,
      elicit(message, { properties }) {
        asked.push([message, Object.keys(properties)]);
        return { action: 'accept', content: { where: 'outside' } };
      },
    });
    const g = t.of(Garden);
    expect(await g.find_plant('rose')).toEqual({ name: 'rose', planted: '2026-03-01T00:00:00.000Z' });
    const missing = g.find_plant('oak', 2);
    await expect(missing).rejects.toBeInstanceOf(ToolCallError);
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('No oak') });
    expect(await g.plant('oak', at)).toBe('oak grows outside since 2025, says undefined');
    expect(await g.find_plant('oak')).toEqual({ name: 'oak', planted: '2025-01-02T03:04:05.000Z' });
    expect(asked).toEqual([['Plant oak?', ['where']]]);
    expect(await g.water('a', 'b')).toEqual({
      content: [
        { type: 'text', text: 'watered a' },
        { type: 'text', text: 'watered b' },
      ],
    });
    expect(await g.rest()).toBeUndefined();
    expect(await g.advice('spring', 2)).toBe('Grow 3 things in spring.');
    expect(await g.talk()).toMatchObject([{ role: 'user' }, { role: 'assistant', content: { text: 'A rose.' } }]);
    expect(await g.plant_card('a b/c')).toEqual({ name: 'a b/c', rare: false });
    expect(await g.seed()).toEqual(new Uint8Array([1, 2, 255]));
    expect(() => g.untouched).toThrow('Garden.untouched is no tool, prompt or resource of garden.');
    expect(closed()).toBe(0);
  }
  expect(closed()).toBe(1);
});

const elicit: TestClientOptions['elicit'] = () => ({ action: 'decline' });

test.each(combinations)('the caller is who the test says, %s over %s', async (era, transport) => {
  const { server } = garden();
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await using ann = await testClient(server, { era, transport, elicit, auth: { subject: 'ann' } });
  expect(await ann.call('find_plant', { name: 'oak' })).toMatchObject({
    code: 'NOT_FOUND',
    text: expect.stringContaining('ann'),
  });
  // without the scope: an error of the protocol where a token could be asked for, an answer to the model elsewhere
  const refused = await ann.call('plant', { name: 'oak', at }).catch(String);
  expect(JSON.stringify(refused)).toMatch(/garden:write/);
  await using bob = await testClient(server, {
    era,
    transport,
    elicit,
    auth: { subject: 'bob', scopes: ['garden:write'] },
  });
  expect(await bob.of(Garden).plant('oak', at)).toBe('Not planted: decline');
  told.mockRestore();
});

test.each([
  ['2025', 'memory'],
  ['2026', 'memory'],
  ['2025', 'http'],
  ['2026', 'http'],
] as const)('claims reach the handler, %s over %s', async (era, transport) => {
  await using t = await testClient(garden().server, {
    era,
    transport,
    elicit: () => ({ action: 'accept', content: { where: 'here' } }),
    auth: { subject: 'ann', scopes: ['garden:write'], claims: { rank: 'chief' } },
  });
  expect((await t.call('plant', { name: 'oak', at })).text).toContain('says chief');
});

test('the surface is the same in both eras and over every transport', async () => {
  const surfaces = await Promise.all(
    combinations.map(async ([era, transport]) => {
      await using t = await testClient(garden().server, { era, transport });
      return await t.surface();
    }),
  );
  for (const surface of surfaces) expect(surface).toEqual(surfaces[0]);
  expect(surfaces[0]).toMatchSnapshot();
});

test('options and operands reach the server', async () => {
  await using t = await testClient(garden().server, { options: { greeting: 'Sow' } });
  expect(await t.of(Garden).advice('autumn')).toBe('Sow 2 things in autumn.');
  await expect(testClient(garden().server, { operands: ['stones'] })).rejects.toThrow('Nothing grows on stones.');
});

test.each(eras)('a process of its own answers, %s', async (era) => {
  const args = [
    '--conditions=@mortise/source',
    fileURLToPath(new URL('fixtures/program.ts', import.meta.url)),
    '--principal',
    'ann',
  ];
  const transport = { command: process.execPath, args };
  let pid: number;
  {
    await using t = await testClient(garden().server, { era, transport });
    const { structured } = await t.call('who');
    pid = structured?.['pid'] as number;
    expect(structured).toEqual({ pid: expect.any(Number), subject: 'ann' });
  }
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await expect(testClient(garden().server, { transport, auth: { subject: 'ann' } })).rejects.toThrow(
    'put them into args',
  );
});

const park = (): Server => createServer({ name: 'park', version: '1.0.0' });
const bed = (): Server =>
  createServer({ name: 'bed', version: '1.0.0', surface: gardenSurface, setup: () => new Garden() });

test.each(combinations)('the methods of a mounted class are called, %s over %s', async (era, transport) => {
  const app = park().mount('east', park().mount('rose', garden().server, [rename({ tools: { rest: 'nap' } })]));
  await using t = await testClient(app, { era, transport });
  const g = t.of(Garden);
  expect(await g.find_plant('rose')).toEqual({ name: 'rose', planted: '2026-03-01T00:00:00.000Z' });
  expect(await g.rest()).toBeUndefined();
  expect(await g.advice('spring', 2)).toBe('Grow 3 things in spring.');
  expect(await g.plant_card('a b/c')).toEqual({ name: 'a b/c', rare: false });
  expect((await t.client.listTools()).tools.map(({ name }) => name)).toContain('east_rose_nap');
});

test('a class that is mounted twice is called by its names', async () => {
  // URIs stay, so that only one of the two may offer the resources
  const tools = only({ resources: [] });
  const app = park().mount('east', bed()).mount('west', bed(), [tools]);
  await using t = await testClient(app);
  expect(() => t.of(Garden)).toThrow('find_plant is offered twice: call it by its name, with call().');
  expect((await t.call('west_find_plant', { name: 'rose' })).isError).toBe(false);
});

test('a class that is not served is refused', async () => {
  await using t = await testClient(garden().server);
  expect(() => t.of(Date)).toThrow('Date is not in the surface of garden.');
});

test('the types come from the class', () => {
  type G = Methods<Garden>;
  expectTypeOf<G['find_plant']>().parameters.toEqualTypeOf<[name: string, _limit?: number | undefined]>();
  expectTypeOf<G['find_plant']>().returns.resolves.toEqualTypeOf<{ readonly name: string; readonly planted: string }>();
  expectTypeOf<G['plant']>().parameters.toEqualTypeOf<[string, Date]>();
  expectTypeOf<G['water']>().parameters.toEqualTypeOf<string[]>();
  expectTypeOf<G['advice']>().parameters.toEqualTypeOf<['spring' | 'autumn', (number | undefined)?]>();
  expectTypeOf<G['seed']>().returns.resolves.toEqualTypeOf<Uint8Array>();
  expectTypeOf<Plant['planted']>().toEqualTypeOf<Date>();
  const wrong = async (g: G): Promise<void> => {
    // @ts-expect-error -- a name is text
    await g.find_plant(42);
    // @ts-expect-error -- there is no such method
    await g.find_plants('rose');
    // @ts-expect-error -- the context is not the caller's to give
    await g.plant('oak', at, {});
  };
  expect(wrong).toBeTypeOf('function');
});

test('the import needs no Postgres', () => {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) });
    await import('@mortise/testing');
    console.log(JSON.stringify(loaded));`;
  const node = spawnSync(process.execPath, ['--conditions=@mortise/source', '--input-type=module', '--eval', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  const loaded = JSON.parse(node.stdout) as string[];
  expect(loaded).toContain('@modelcontextprotocol/client');
  expect(loaded.filter((name) => /^pg|testcontainers|postgres/.test(name))).toEqual([]);
});
