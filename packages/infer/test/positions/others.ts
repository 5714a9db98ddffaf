import { none, number, object, string, type Position } from './position.ts';

const empty = { parameters: [], input: none };
const found = object({ a: string }, ['a']);
const page = { type: 'string', description: 'Which' };

export const others: readonly Position[] = [
  {
    id: 'prompt',
    mark: '@prompt()',
    comment: ['A tool.', '@param a - Which'],
    method: `run(a: string, b: 'y' | 'x' = 'x', n?: number, yes = false): string { return a; }`,
    gives: {
      parameters: ['a', 'b', 'n', 'yes'],
      input: object(
        {
          a: page,
          b: { type: 'string', enum: ['y', 'x'], default: 'x' },
          n: number,
          yes: { type: 'boolean', default: false },
        },
        ['a'],
      ),
    },
  },
  {
    id: 'prompt_messages',
    mark: '@prompt()',
    method: 'run(context: Context): PromptResult { return []; }',
    gives: { parameters: [], context: 0, input: none },
  },
  {
    id: 'resource',
    mark: `@resource('shop://{shop}/items/{item}')`,
    method: 'run(item: Int, shop: string): { a: string } { return { a: "" }; }',
    gives: {
      uri: 'shop://{shop}/items/{item}',
      parameters: ['item', 'shop'],
      input: object({ item: { type: 'integer' }, shop: string }, ['item', 'shop']),
      output: found,
    },
  },
  {
    id: 'resource_fixed',
    mark: `@resource('shop://hours', { title: 'Hours' })`,
    method: 'run(): string { return ""; }',
    gives: { uri: 'shop://hours', parameters: [], input: none },
  },
  {
    id: 'resource_list',
    mark: `@resource('shop://all')`,
    method: 'run(): { a: string }[] { return []; }',
    gives: { uri: 'shop://all', parameters: [], input: none, output: { type: 'array', items: found } },
  },
  {
    id: 'resource_query',
    mark: '@resource(`${BASE}items{?page,size}`)',
    declarations: `const BASE = 'shop://';`,
    method: 'run(page: string, size?: number): string { return ""; }',
    gives: {
      uri: 'shop://items{?page,size}',
      parameters: ['page', 'size'],
      input: object({ page: string, size: number }, ['page']),
    },
  },
  {
    id: 'described',
    comment: [
      'Find a page.',
      '',
      'It looks in {@link Index}',
      'and elsewhere:',
      '- here',
      '- there',
      '@remarks',
      'Slow.',
      '@deprecated Use `seek`.',
      '@internalNote none',
      '@privateRemarks Do not tell',
      '@example',
      '```ts',
      'run(1)',
      '```',
    ],
    method: 'run(): void {}',
    gives: {
      description:
        'Find a page.\n\nIt looks in Index and elsewhere:\n- here\n- there\n\nSlow.\n\nDeprecated: Use `seek`.\n\nExample:\n```ts\nrun(1)\n```',
      parameters: [],
      input: none,
    },
  },
  {
    id: 'comment_after_mark',
    comment: ['Not this one.'],
    method: '/** A tool. */\n  run(): void {}',
    gives: empty,
  },
  {
    id: 'inherited_property',
    declarations:
      'interface Named {\n  /** What it is called */\n  name: string;\n  /** How old */\n  age: number;\n}\ninterface Person extends Named {\n  /** {@inheritDoc Named.name} */\n  name: "a" | "b";\n  age: 1 | 2;\n}',
    method: 'run(value: Person): void {}',
    gives: {
      parameters: ['value'],
      input: object(
        {
          value: object(
            {
              name: { type: 'string', enum: ['a', 'b'], description: 'What it is called' },
              age: { type: 'number', enum: [1, 2], description: 'How old' },
            },
            ['name', 'age'],
          ),
        },
        ['value'],
      ),
    },
  },
  {
    id: 'generic_base',
    declarations: 'abstract class Store<T> {\n  /** A tool. */\n  @tool()\n  generic_base(value: T): void {}\n}',
    base: 'Store<"b" | "a">',
    mark: '',
    method: 'other(): void {}',
    gives: { parameters: ['value'], input: object({ value: { type: 'string', enum: ['b', 'a'] } }, ['value']) },
  },
  {
    id: 'inherited_text',
    declarations:
      'abstract class Finder {\n  /** A tool.\n   * @param q - Text */\n  inherited_text(q: string): void {}\n}',
    base: 'Finder',
    comment: ['{@inheritDoc Finder.inherited_text}'],
    method: 'override run(q: string): void {}',
    gives: { parameters: ['q'], input: object({ q: { ...string, description: 'Text' } }, ['q']) },
  },
];
