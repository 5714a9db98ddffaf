import { none, number, object, string, type Position } from './position.ts';

const empty = { parameters: [], input: none };
const found = object({ a: string }, ['a']);

export const results: readonly Position[] = [
  { id: 'returns_object', method: 'run(): { a: string } { return { a: "" }; }', gives: { ...empty, output: found } },
  {
    id: 'returns_promise',
    method: 'async run(): Promise<{ a: string }> { return { a: "" }; }',
    gives: { ...empty, output: found },
  },
  {
    id: 'returns_either',
    method: 'run(): { a: string } | Promise<{ a: string }> { return { a: "" }; }',
    gives: { ...empty, output: found },
  },
  {
    id: 'returns_inferred',
    method: 'async run() { return { a: "", n: [1] }; }',
    gives: { ...empty, output: object({ a: string, n: { type: 'array', items: number } }, ['a', 'n']) },
  },
  { id: 'returns_text', method: 'run(): string { return ""; }', gives: empty },
  { id: 'returns_nothing', method: 'async run(): Promise<void> {}', gives: empty },
  { id: 'returns_content', method: 'async run(): Promise<ToolResult> { return { content: [] }; }', gives: empty },
  {
    id: 'returns_record',
    method: 'run(): Record<string, number> { return {}; }',
    gives: { ...empty, output: { type: 'object', additionalProperties: number } },
  },
  {
    id: 'returns_date',
    method: 'run(): { at: Date } { return { at: new Date() }; }',
    gives: { ...empty, output: object({ at: { type: 'string', format: 'date-time' } }, ['at']) },
  },
  {
    id: 'returns_documented',
    comment: ['A tool.', '@returns What was found'],
    method: 'run(): { a: string } { return { a: "" }; }',
    gives: { ...empty, output: { ...found, description: 'What was found' } },
  },
  {
    id: 'returns_union',
    method: `run(): { ok: true; a: string } | { ok: false } { return { ok: false }; }`,
    gives: {
      ...empty,
      output: {
        anyOf: [
          object({ ok: { type: 'boolean', const: true }, a: string }, ['ok', 'a']),
          object({ ok: { type: 'boolean', const: false } }, ['ok']),
        ],
      },
    },
  },
  {
    id: 'returns_tree',
    declarations: 'interface Tree { leaves: Tree[] }',
    method: 'run(): Tree { return { leaves: [] }; }',
    gives: {
      ...empty,
      output: {
        ...object({ leaves: { type: 'array', items: { $ref: '#/$defs/Tree' } } }, ['leaves']),
        $defs: { Tree: object({ leaves: { type: 'array', items: { $ref: '#/$defs/Tree' } } }, ['leaves']) },
      },
    },
  },
];
