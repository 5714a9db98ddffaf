import { describe, expect, it } from 'vitest';

import { diffSurfaces, readSurface, type Change, type ClassSurface, type JsonSchema } from '../index.ts';

const text = { type: 'string' };
const object = (properties: object, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const withTool = (input: JsonSchema, output?: JsonSchema, description = 'A tool.'): ClassSurface[] => [
  { tools: [{ method: 'find', description, parameters: [], input, ...(output && { output }), hash: '' }] },
];
const lines = (changes: readonly Change[]): string[] =>
  changes.map(({ severity, where, what }) => `${severity}: ${where} ${what}`);
const ofInput = (before: JsonSchema, after: JsonSchema): string[] =>
  lines(diffSurfaces(withTool(object({ a: before })), withTool(object({ a: after }))));
const ofOutput = (before: JsonSchema, after: JsonSchema): string[] =>
  lines(diffSurfaces(withTool(object({}), object({ a: before })), withTool(object({}), object({ a: after }))));

const ofArguments = (before: JsonSchema, after: JsonSchema): string[] =>
  lines(diffSurfaces(withTool(before), withTool(after)));
const ofResult = (before: JsonSchema, after: JsonSchema): string[] =>
  lines(diffSurfaces(withTool(object({}), before), withTool(object({}), after)));
const keyed = (pattern: string): JsonSchema => ({ type: 'object', patternProperties: { [pattern]: text } });
const nested = (inner: JsonSchema): JsonSchema => ({ type: 'array', items: object({ b: inner }, ['b']) });
const tree = (value: JsonSchema): JsonSchema => ({
  ...object({ root: { $ref: '#/$defs/Tree' } }),
  $defs: { Tree: object({ value, leaves: { type: 'array', items: { $ref: '#/$defs/Tree' } } }) },
});

describe('what changed for a client', () => {
  it('nothing', () => {
    const same = withTool(object({ a: text }, ['a']), object({ b: text }));
    expect(diffSurfaces(same, structuredClone(same))).toEqual([]);
  });

  it('tools that come and go', () => {
    expect(lines(diffSurfaces([], withTool(object({}))))).toEqual(['compatible: tool find is new']);
    expect(lines(diffSurfaces(withTool(object({})), []))).toEqual(['breaking: tool find is gone']);
  });

  it('a description', () => {
    expect(lines(diffSurfaces(withTool(object({})), withTool(object({}), undefined, 'Another.')))).toEqual([
      'text: tool find its description changed',
    ]);
  });

  it('arguments that come and go', () => {
    expect(ofArguments(object({}), object({ a: text }))).toEqual([
      'compatible: tool find, arguments.a is new, optional',
    ]);
    expect(ofArguments(object({}), object({ a: text }, ['a']))).toEqual([
      'breaking: tool find, arguments.a is new, required',
    ]);
    expect(ofArguments(object({ a: text }), object({}))).toEqual(['breaking: tool find, arguments.a is gone']);
    expect(ofArguments(object({ a: text }), object({ a: text }, ['a']))).toEqual([
      'breaking: tool find, arguments.a is required',
    ]);
    expect(ofArguments(object({ a: text }, ['a']), object({ a: text }))).toEqual([
      'compatible: tool find, arguments.a is optional',
    ]);
  });

  it('fields of a result that come and go', () => {
    expect(ofResult(object({}), object({ a: text }, ['a']))).toEqual([
      'compatible: tool find, result.a is new, required',
    ]);
    expect(ofResult(object({ a: text }), object({}))).toEqual(['breaking: tool find, result.a is gone']);
    expect(ofResult(object({ a: text }, ['a']), object({ a: text }))).toEqual([
      'breaking: tool find, result.a is optional',
    ]);
  });

  it.each([
    [
      'a value of an enum is gone',
      { type: 'string', enum: ['x', 'y'] },
      { type: 'string', const: 'x' },
      'breaking',
      'compatible',
      '"y" is no longer possible',
    ],
    [
      'a value of an enum is new',
      { type: 'string', enum: ['x'] },
      { type: 'string', enum: ['x', 'y'] },
      'compatible',
      'breaking',
      '"y" is possible',
    ],
    [
      'any text instead of an enum',
      { type: 'string', enum: ['x'] },
      text,
      'compatible',
      'breaking',
      'string is possible',
    ],
    ['null is possible', text, { anyOf: [text, { type: 'null' }] }, 'compatible', 'breaking', 'null is possible'],
    ['another type', text, { type: 'number' }, 'breaking', 'breaking', 'was string, is number'],
    ['fractions', { type: 'integer' }, { type: 'number' }, 'compatible', 'breaking', 'number is possible'],
    [
      'a lower maximum',
      { type: 'number', maximum: 9 },
      { type: 'number', maximum: 5 },
      'breaking',
      'compatible',
      'maximum was 9, is 5',
    ],
    [
      'a lower minimum',
      { type: 'number', minimum: 9 },
      { type: 'number', minimum: 5 },
      'compatible',
      'breaking',
      'minimum was 9, is 5',
    ],
    ['a bound that was none', text, { ...text, maxLength: 5 }, 'breaking', 'compatible', 'has maxLength 5'],
    ['a bound that is none', { ...text, maxLength: 5 }, text, 'compatible', 'breaking', 'has no maxLength any more'],
    [
      'another pattern',
      { ...text, pattern: 'a' },
      { ...text, pattern: 'b' },
      'breaking',
      'breaking',
      'pattern was a, is b',
    ],
    ['a description', text, { ...text, description: 'x' }, 'text', 'text', 'its description changed'],
    ['a default', text, { ...text, default: 'x' }, 'text', 'text', 'its default was none, is "x"'],
  ] as const)('%s', (_, before, after, input, output, what) => {
    expect(ofInput(before, after)).toEqual([`${input}: tool find, arguments.a ${what}`]);
    expect(ofOutput(before, after)).toEqual([`${output}: tool find, result.a ${what}`]);
  });

  it('the order alone', () => {
    const two = { x: text, y: text };
    expect(ofArguments(object(two, ['x', 'y']), object({ y: text, x: text }, ['y', 'x']))).toEqual([]);
  });

  it('something that has no words, which may break a client', () => {
    expect(ofInput(keyed('^x-'), keyed('^y-'))).toEqual(['breaking: tool find, arguments changed']);
  });

  it('deep inside', () => {
    expect(ofInput(nested(text), nested({ type: 'number' }))).toEqual([
      'breaking: tool find, arguments.a[].b was string, is number',
    ]);
  });

  it('inside a type that contains itself, once', () => {
    expect(lines(diffSurfaces(withTool(tree(text)), withTool(tree({ type: 'number' }))))).toEqual([
      'breaking: tool find, arguments.root.value was string, is number',
    ]);
  });
});

describe('reading a surface', () => {
  it('takes what mortise infer --json prints', () => {
    expect(readSurface('{ "classes": [{ "name": "A", "tools": [] }] }')).toEqual([{ name: 'A', tools: [] }]);
  });

  it.each(['export const other = 1;', '{ "tools": [] }', ''])('refuses %j', (other) => {
    expect(() => readSurface(other)).toThrow(/^it (has no classes|is no surface file)$/);
  });
});
