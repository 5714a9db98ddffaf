import { expect, test, vi } from 'vitest';
import { z } from 'zod';

import { inProcess } from '../fixtures/client.ts';
import { createServer, resource, surfaceOf, tool, type CallSurface, type Class, type ClassSurface } from '../index.ts';
import type { Endpoint } from '../serve/endpoint.ts';
import type { Server } from '../index.ts';

const open = { type: 'object', properties: {} };

function entry<Method extends string>(
  method: Method,
  more: Partial<Omit<CallSurface, 'method'>>,
): CallSurface & { method: Method } {
  return { method, parameters: [] as string[], input: open, hash: '', ...more };
}

function serve(type: Class, surface: ClassSurface, instance: object): Server {
  const classes = [surfaceOf(type, surface as ClassSurface<never>)];
  const whole = { version: 1, generator: 'by hand', base: 'data:,', sources: {}, classes } as const;
  return createServer({ name: 'x', version: '1', surface: whole, setup: () => instance });
}

test('arguments go to the parameter of their name, whatever their order, with rest and dates', async () => {
  class Positions {
    @tool()
    join(first: string, second = 'B', ...others: string[]): string {
      return [first, second, ...others].join(' ');
    }

    @tool()
    span(range: { from: Date; all: { at: Date }[] }): string {
      return [range.from, ...range.all.map(({ at }) => at)].map((date) => date.getUTCFullYear()).join(' ');
    }
  }
  const surface = {
    tools: [
      entry('join', { parameters: ['first', 'second', 'others'], rest: true }),
      entry('span', { parameters: ['range'], dates: ['/range/from', '/range/all/{each}/at', '/range/none'] }),
    ],
  };
  await using t = await inProcess(serve(Positions, surface, new Positions()));
  expect((await t.call('join', { second: '2', first: '1' })).text).toBe('1 2');
  expect((await t.call('join', { others: ['3', '4'], first: '1' })).text).toBe('1 B 3 4');
  const range = { all: [{ at: '2001-06-01T00:00:00Z' }], from: '2000-06-01T00:00:00Z' };
  expect((await t.call('span', { range })).text).toBe('2000 2001');
});

test('an inherited method is offered, an override without a decorator hides it', async () => {
  class Base {
    @tool()
    kept(): string {
      return 'kept';
    }

    @tool()
    hidden(): string {
      return 'base';
    }
  }
  class Derived extends Base {
    override hidden(): string {
      return 'derived';
    }
  }
  await using t = await inProcess(serve(Derived, { tools: [entry('kept', {})] }, new Derived()));
  expect((await t.call('kept')).text).toBe('kept');
  expect(() => serve(Derived, { tools: [entry('kept', {}), entry('hidden', {})] }, {}).start({})).toThrow(
    /MRT2002.*hidden/,
  );
});

test('a decorator without parentheses is told at the start', () => {
  class Bare {
    // @ts-expect-error -- what the compiler says is in signature.test.ts
    @tool
    run(): string {
      return 'run';
    }
  }
  const server = serve(Bare, { tools: [entry('run', {})] }, new Bare());
  expect(() => server.start({})).toThrow('MRT2019: @tool on Bare.run has no parentheses; write @tool().');
});

test('an explicit schema is advertised, closed, and gives the method what it parsed', async () => {
  const input = z.object({ n: z.coerce.number().int().default(3), tag: z.string().optional() });
  class Explicit {
    @tool({ input, output: z.object({ twice: z.number() }) })
    double({ n }: { n: number }): { twice: number } {
      return { twice: n * 2 };
    }
  }
  const { input: _, ...bare } = entry('double', { parameters: 'object' });
  await using t = await inProcess(serve(Explicit, { tools: [bare] }, new Explicit()));
  const { tools } = await t.client.listTools();
  expect(tools[0]?.inputSchema).toMatchObject({ additionalProperties: false, properties: { n: { default: 3 } } });
  expect((await t.call('double')).structured).toEqual({ twice: 6 });
  expect((await t.call('double', { n: 4, tga: 'x' })).text).toContain('tga is not an argument; did you mean tag?');
});

test('a decorator in the wrong place is refused where it stands', () => {
  expect(() => {
    class Static {
      // @ts-expect-error -- the compiler refuses it, too
      @tool()
      static run(): void {}

      other(): void {}
    }
    return Static;
  }).toThrow('@tool() belongs on an instance method; run is static');
  expect(() => {
    class Twice {
      @tool()
      @resource('a://b')
      run(): void {}
    }
    return Twice;
  }).toThrow('run has two decorators');
});

test('a URI that differs from the surface is refused', () => {
  class Moved {
    @resource('new://uri')
    read(): string {
      return '';
    }
  }
  const surface = { resources: [{ ...entry('read', {}), uri: 'old://uri' }] };
  expect(() => serve(Moved, surface, new Moved()).start({})).toThrow(/MRT2002.*new:\/\/uri/);
});

test('a method that was seen to ask counts as one that says so', () => {
  vi.stubEnv('MORTISE_STATE_KEY', '');
  class Asking {
    @tool()
    ask(): void {}
  }
  const start = (seen: object): Endpoint =>
    serve(Asking, { tools: [{ ...entry('ask', {}), ...seen }] }, new Asking()).start({});
  expect(() => start({ context: 0, asks: true }).expose()).toThrow('asks its users (ask)');
  expect(() => start({}).expose()).not.toThrow();
  vi.unstubAllEnvs();
});
