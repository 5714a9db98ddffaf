import type { Shape } from './shape.ts';

export const primitives: readonly Shape[] = [
  { id: 'string', type: 'string', accepts: ['a', ''], rejects: [1, null], schema: { type: 'string' } },
  { id: 'number', type: 'number', accepts: [1, 1.5, -1], rejects: ['1'], schema: { type: 'number' } },
  { id: 'boolean', type: 'boolean', accepts: [true, false], rejects: ['true', 0], schema: { type: 'boolean' } },
  { id: 'null_only', type: 'null', accepts: [null], rejects: [0, ''], schema: { type: 'null' } },
  {
    id: 'nullable',
    type: 'string | null',
    accepts: ['a', null],
    rejects: [1],
    schema: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  {
    id: 'null_first',
    type: 'null | string',
    accepts: ['a', null],
    rejects: [1],
    schema: { anyOf: [{ type: 'null' }, { type: 'string' }] },
  },
  { id: 'optional', type: 'string', optional: true, accepts: ['a'], rejects: [1, null], schema: { type: 'string' } },
  {
    id: 'optional_undefined',
    type: 'string | undefined',
    optional: true,
    accepts: ['a'],
    rejects: [1, null],
    schema: { type: 'string' },
  },
  { id: 'unknown', type: 'unknown', accepts: [1, 'a', null, {}, []], rejects: [], schema: {} },
  { id: 'unknown_property', type: '{ a: unknown }', accepts: [{ a: 1 }, { a: null }], rejects: [{}, { b: 1 }] },
  { id: 'object', type: 'object', accepts: [{}, { a: 1 }], rejects: [1, 'a', null, []], schema: { type: 'object' } },
  {
    id: 'date',
    type: 'Date',
    accepts: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00+02:00'],
    rejects: ['yesterday', 5],
    schema: { type: 'string', format: 'date-time' },
  },
  {
    id: 'date_nested',
    type: '{ at: Date; until?: Date | null }',
    accepts: [{ at: '2026-01-01T00:00:00Z' }, { at: '2026-01-01T00:00:00Z', until: null }],
    rejects: [{ at: 'x' }, {}],
  },
];
