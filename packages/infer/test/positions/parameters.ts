import { none, number, object, string, type Position } from './position.ts';

export const parameters: readonly Position[] = [
  { id: 'no_parameters', method: 'run(): void {}', gives: { parameters: [], input: none } },
  {
    id: 'positional',
    method: 'run(a: string, b: number): void {}',
    gives: { parameters: ['a', 'b'], input: object({ a: string, b: number }, ['a', 'b']) },
  },
  {
    id: 'optional',
    method: 'run(a: string, b?: number): void {}',
    gives: { parameters: ['a', 'b'], input: object({ a: string, b: number }, ['a']) },
  },
  {
    id: 'admits_undefined',
    method: 'run(a: string | undefined): void {}',
    gives: { parameters: ['a'], input: object({ a: string }) },
  },
  {
    id: 'named_object',
    method: 'run(search: { q: string }): void {}',
    gives: { parameters: ['search'], input: object({ search: object({ q: string }, ['q']) }, ['search']) },
  },
  {
    id: 'rest',
    method: 'run(first: string, ...more: number[]): void {}',
    gives: {
      parameters: ['first', 'more'],
      rest: true,
      input: object({ first: string, more: { type: 'array', items: number } }, ['first']),
    },
  },
  {
    id: 'rest_tuple',
    method: 'run(...pair: [string, number]): void {}',
    gives: {
      parameters: ['pair'],
      rest: true,
      input: object(
        { pair: { type: 'array', prefixItems: [string, number], items: false, minItems: 2, maxItems: 2 } },
        ['pair'],
      ),
    },
  },
  {
    id: 'this_parameter',
    method: 'run(this: C_this_parameter, a: string, context: Context): void {}',
    gives: { parameters: ['a'], context: 1, input: object({ a: string }, ['a']) },
  },
  {
    id: 'param_in_line',
    comment: ['A tool. @param a The `@param` of it, for x@param.org @minLength 2'],
    method: 'run(a: string): void {}',
    gives: {
      parameters: ['a'],
      input: object({ a: { ...string, description: 'The `@param` of it, for x@param.org' } }, ['a']),
    },
  },
  {
    id: 'enum_names',
    comment: ['A tool.', '@param b - How urgent'],
    declarations:
      'enum Priority {\n  Low = 1,\n  High = 9,\n}\nenum Plan {\n  /** No cost */\n  Free = "free",\n  Pro = "pro",\n}',
    method: 'run(a?: Priority, b: Priority = Priority.Low, c?: Plan | null): void {}',
    gives: {
      parameters: ['a', 'b', 'c'],
      input: object({
        a: { ...number, enum: [1, 9], description: '1 = Low, 9 = High' },
        b: { ...number, enum: [1, 9], default: 1, description: 'How urgent\n1 = Low, 9 = High' },
        c: {
          anyOf: [{ ...string, enum: ['free', 'pro'] }, { type: 'null' }],
          description: 'free: No cost\npro',
        },
      }),
    },
  },
  {
    id: 'param_context',
    comment: ['A tool.', '@param a - Text', '@param context - What it can reach'],
    method: 'run(a: string, context: Context): void {}',
    gives: { parameters: ['a'], context: 1, input: object({ a: { ...string, description: 'Text' } }, ['a']) },
  },
  {
    id: 'param_text',
    comment: [
      'A tool.',
      '@param a - The first {@minLength 2}.',
      '@param {number} b The second,',
      '  in two lines',
      '@param [c=1] third',
    ],
    method: 'run(a: string, b: number, c = 1): void {}',
    gives: {
      parameters: ['a', 'b', 'c'],
      input: object(
        {
          a: { ...string, minLength: 2, description: 'The first.' },
          b: { ...number, description: 'The second, in two lines' },
          c: { ...number, description: 'third', default: 1 },
        },
        ['a', 'b'],
      ),
    },
  },
  {
    id: 'param_header',
    comment: ['A tool.', '@param region - Where {@mcpHeader Region}'],
    declarations: 'interface Shard {\n  /** @mcpHeader Shard-Number\n   * @asType integer */\n  shard: number;\n}',
    method: 'run(region: string, at: Shard): void {}',
    gives: {
      parameters: ['region', 'at'],
      input: object(
        {
          region: { ...string, description: 'Where', 'x-mcp-header': 'Region' },
          at: object({ shard: { type: 'integer', 'x-mcp-header': 'Shard-Number' } }, ['shard']),
        },
        ['region', 'at'],
      ),
    },
  },
  {
    id: 'param_path',
    comment: ['A tool.', '@param filter - What to find', '@param filter.q - Text', '@param filter.at.city - Town'],
    method: 'run(filter: { q: string; at: { city: string } }): void {}',
    gives: {
      parameters: ['filter'],
      input: object(
        {
          filter: {
            ...object(
              {
                q: { ...string, description: 'Text' },
                at: object({ city: { ...string, description: 'Town' } }, ['city']),
              },
              ['q', 'at'],
            ),
            description: 'What to find',
          },
        },
        ['filter'],
      ),
    },
  },
  {
    id: 'param_link',
    comment: [
      'A tool.',
      '@param a - See {@link Context} and {@link https://example.com | the page}; {@link https://example.com/a b}',
    ],
    method: 'run(a: string): void {}',
    gives: {
      parameters: ['a'],
      input: object({ a: { ...string, description: 'See Context and the page; b' } }, ['a']),
    },
  },

  {
    id: 'context_last',
    method: 'run(a: string, context: Context): void {}',
    gives: { parameters: ['a'], context: 1, input: object({ a: string }, ['a']) },
  },
  {
    id: 'context_first',
    method: 'run(ctx: Context, a: string): void {}',
    gives: { parameters: ['a'], context: 0, input: object({ a: string }, ['a']) },
  },
  {
    id: 'context_between',
    method: 'run(a: string, { signal }: Context, b: string): void {}',
    gives: { parameters: ['a', 'b'], context: 1, input: object({ a: string, b: string }, ['a', 'b']) },
  },
  {
    id: 'context_optional',
    method: 'run(a = 1, context?: Context): void {}',
    gives: { parameters: ['a'], context: 1, input: object({ a: { ...number, default: 1 } }) },
  },
  {
    id: 'context_asks',
    method:
      "async run(context: Context): Promise<void> { if (Date.now()) await context.elicit('Sure?', z.object({})); }",
    gives: { parameters: [], context: 0, asks: true, input: none },
  },
  {
    id: 'context_asks_apart',
    method: 'async run(a: string, { roots }: Context): Promise<void> { await roots(); }',
    gives: { parameters: ['a'], context: 1, asks: true, input: object({ a: string }, ['a']) },
  },
  {
    id: 'context_does_not_ask',
    method: "run(elicit: string, context: Context): void { context.log.info('elicit', { elicit }); }",
    gives: { parameters: ['elicit'], context: 1, input: object({ elicit: string }, ['elicit']) },
  },
  {
    id: 'context_renamed',
    declarations: 'type Here = Context;',
    method: 'run(here: Here): void {}',
    gives: { parameters: [], context: 0, input: none },
  },
  {
    id: 'context_of_others',
    declarations: 'namespace Own { export interface Context { page: number } }',
    method: 'run(context: Own.Context): void {}',
    gives: { parameters: ['context'], input: object({ context: object({ page: number }, ['page']) }, ['context']) },
  },

  {
    id: 'destructured',
    method: 'run({ q, limit = 5 }: { q: string; limit?: number }): void {}',
    gives: { parameters: 'object', input: object({ q: string, limit: { ...number, default: 5 } }, ['q']) },
  },
  {
    id: 'destructured_param',
    comment: ['A tool.', '@param search - What to find', '@param search.q - Text', '@param limit - How many'],
    method: 'run({ q, limit }: { q: string; limit: number }): void {}',
    gives: {
      parameters: 'object',
      input: object({ q: { ...string, description: 'Text' }, limit: { ...number, description: 'How many' } }, [
        'q',
        'limit',
      ]),
    },
  },
  {
    id: 'destructured_renamed',
    method: `run({ 'page-size': size = 5 }: { 'page-size'?: number }, context: Context): void {}`,
    gives: { parameters: 'object', context: 1, input: object({ 'page-size': { ...number, default: 5 } }) },
  },
  {
    id: 'destructured_nested',
    method: `run({ filter: { tier = 'free' } = {} }: { filter?: { tier?: 'free' | 'pro' } }): void {}`,
    gives: {
      parameters: 'object',
      input: object({
        filter: { ...object({ tier: { type: 'string', enum: ['free', 'pro'], default: 'free' } }), default: {} },
      }),
    },
  },
  {
    id: 'destructured_default',
    method: 'run({ q }: { q?: string } = {}): void {}',
    gives: { parameters: 'object', input: object({ q: string }) },
  },
  {
    id: 'destructured_rest',
    method: 'run({ q, ...more }: { q: string; r: number }): void {}',
    gives: { parameters: 'object', input: object({ q: string, r: number }, ['q', 'r']) },
  },
  {
    id: 'explicit_input',
    mark: '@tool({ input: z.object({ a: z.string() }) })',
    method: 'run(args: { a: string }): { b: number } { return { b: 1 }; }',
    gives: { parameters: 'object', output: object({ b: number }, ['b']) },
  },
  {
    id: 'explicit_both',
    mark: '@tool({ input: z.object({ a: z.string() }), output: z.object({ b: z.number() }) })',
    method: 'run({ a }: { a: string }, context: Context): { b: number } { return { b: 1 }; }',
    gives: { parameters: 'object', context: 1 },
  },

  {
    id: 'date',
    method: 'run(since: Date, until?: Date): void {}',
    gives: {
      parameters: ['since', 'until'],
      input: object(
        { since: { type: 'string', format: 'date-time' }, until: { type: 'string', format: 'date-time' } },
        ['since'],
      ),
      dates: ['/since', '/until'],
    },
  },
  {
    id: 'dates_inside',
    method: `run(a: { at: Date | null }[], b: Record<string, Date>, c: { 'x/y~z'?: Date }): void {}`,
    gives: {
      parameters: ['a', 'b', 'c'],
      input: object(
        {
          a: {
            type: 'array',
            items: object({ at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] } }, ['at']),
          },
          b: { type: 'object', additionalProperties: { type: 'string', format: 'date-time' } },
          c: object({ 'x/y~z': { type: 'string', format: 'date-time' } }),
        },
        ['a', 'b', 'c'],
      ),
      dates: ['/a/{each}/at', '/b/{each}', '/c/x~1y~0z'],
    },
  },
];
