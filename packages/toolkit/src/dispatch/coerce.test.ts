import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { coerce } from './coerce.ts';

describe('brings over what loses nothing', () => {
  test.each([
    ['5', { type: 'integer' }, 5],
    ['-0.25', { type: 'number' }, -0.25],
    ['true', { type: 'boolean' }, true],
    [1042, { type: 'string' }, '1042'],
    ['["a","b"]', { type: 'array', items: { type: 'string' } }, ['a', 'b']],
    ['{"n":"3"}', { type: 'object', properties: { n: { type: 'integer' } } }, { n: 3 }],
    ['7', { anyOf: [{ type: 'null' }, { type: 'integer' }] }, 7],
    [{ a: null, b: null }, { properties: { a: { type: 'string' }, b: { type: ['string', 'null'] } } }, { b: null }],
    [['1'], { type: 'array', prefixItems: [{ type: 'number' }] }, [1]],
    [{ x: '1' }, { type: 'object', additionalProperties: { type: 'number' } }, { x: 1 }],
    ['4', { $ref: '#/$defs/N', $defs: { N: { type: 'number' } } }, 4],
  ])('%j for %j', (value, schema, expected) => {
    expect(coerce(value, schema)).toEqual(expected);
  });
});

describe('leaves alone what it would change', () => {
  test.each([
    ['5.5', { type: 'integer' }],
    ['12345678901234567890', { type: 'integer' }],
    ['0x10', { type: 'number' }],
    ['007', { type: 'number' }],
    ['', { type: 'number' }],
    ['yes', { type: 'boolean' }],
    ['[1', { type: 'array' }],
    ['{"a":1}', { type: 'array' }],
    [true, { type: 'string' }],
    [null, { type: 'string' }],
    ['5', { anyOf: [{ type: 'string' }, { type: 'number' }] }],
  ])('%j for %j', (value, schema) => {
    expect(coerce(value, schema)).toEqual(value);
  });
});

test('a value that the schema accepts stays as it is', () => {
  const json = {
    type: 'object',
    properties: {
      n: { type: 'number' },
      s: { type: 'string' },
      list: { type: 'array', items: { anyOf: [{ type: 'boolean' }, { type: 'string' }, { type: 'null' }] } },
    },
    required: ['n', 's', 'list'],
    additionalProperties: false,
  };
  const schema = z.fromJSONSchema(json as Parameters<typeof z.fromJSONSchema>[0]);
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const list = fc.array(fc.oneof(fc.boolean(), fc.string(), fc.constant(null)));
  fc.assert(
    fc.property(fc.record({ n: finite, s: fc.string(), list }), (value) => {
      expect(schema.safeParse(value).success).toBe(true);
      expect(coerce(value, json)).toEqual(value);
    }),
  );
});

test('never throws, whatever arrives', () => {
  const json = { type: 'object', properties: { a: { type: 'array', items: { type: 'number' } } } };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => coerce(value, json)).not.toThrow();
    }),
  );
});
