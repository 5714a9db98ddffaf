import fc from 'fast-check';
import { expect, test } from 'vitest';

import { prune } from './prune.ts';

const point = {
  type: 'object',
  properties: { x: { type: 'number' }, y: { type: 'number' } },
  required: ['x', 'y'],
  additionalProperties: false,
};

test('drops what is not declared at every depth', () => {
  const schema = {
    type: 'object',
    properties: { points: { type: 'array', items: point }, origin: { anyOf: [point, { type: 'null' }] } },
    additionalProperties: false,
  };
  const value = { points: [{ x: 1, y: 2, secret: 's' }], origin: { x: 0, y: 0, secret: 's' }, secret: 's' };
  expect(prune(value, schema)).toEqual({ points: [{ x: 1, y: 2 }], origin: { x: 0, y: 0 } });
});

test('takes the member of a union that the value is of', () => {
  const circle = {
    ...point,
    properties: { kind: { const: 'circle' }, r: { type: 'number' } },
    required: ['kind', 'r'],
  };
  const square = {
    ...point,
    properties: { kind: { const: 'square' }, a: { type: 'number' } },
    required: ['kind', 'a'],
  };
  const schema = { anyOf: [circle, square] };
  expect(prune({ kind: 'square', a: 2, r: 3 }, schema)).toEqual({ kind: 'square', a: 2 });
  expect(prune({ kind: 'circle', a: 2, r: 3 }, schema)).toEqual({ kind: 'circle', r: 3 });
});

test('follows references of recursive types', () => {
  const node = {
    type: 'object',
    properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/Node' } } },
    required: ['name', 'children'],
    additionalProperties: false,
  };
  const schema = { $ref: '#/$defs/Node', $defs: { Node: node } };
  const value = { name: 'a', children: [{ name: 'b', children: [], secret: 1 }], secret: 1 };
  expect(prune(value, schema)).toEqual({ name: 'a', children: [{ name: 'b', children: [] }] });
});

test('keeps records, and all of what is declared unknown', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), fc.jsonValue(), (record, any) => {
      const schema = {
        type: 'object',
        properties: { record: { type: 'object', additionalProperties: { type: 'integer' } }, any: {} },
        additionalProperties: false,
      };
      expect(JSON.stringify(prune({ record, any }, schema))).toBe(JSON.stringify({ record, any }));
    }),
  );
});
