import type { Shape } from './shape.ts';

export const arrays: readonly Shape[] = [
  {
    id: 'array',
    type: '{ id: string }[]',
    accepts: [[], [{ id: '1' }]],
    rejects: [{}, [{ id: 1 }], [{ id: '1', x: 1 }]],
  },
  {
    id: 'array_generic',
    type: 'Array<number>',
    accepts: [[1]],
    rejects: [['1']],
    schema: { type: 'array', items: { type: 'number' } },
  },
  { id: 'readonly_array', type: 'readonly string[]', accepts: [['a']], rejects: [[1], 'a'] },
  { id: 'readonly_generic', type: 'ReadonlyArray<string>', accepts: [['a']], rejects: [[1]] },
  {
    id: 'array_of_union',
    type: `('z' | 'a')[]`,
    accepts: [['z', 'a']],
    rejects: [['b']],
    schema: { type: 'array', items: { type: 'string', enum: ['z', 'a'] } },
  },
  { id: 'matrix', type: 'number[][]', accepts: [[[1], []]], rejects: [[1]] },
  {
    id: 'array_or_one',
    type: 'string[] | string',
    accepts: ['a', ['a']],
    rejects: [1, [1]],
    schema: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }] },
  },
  { id: 'tuple', type: '[string, number]', accepts: [['a', 1]], rejects: [['a'], ['a', 1, 2], [1, 'a']] },
  {
    id: 'tuple_labels',
    type: '[latitude: number, longitude: number]',
    accepts: [[1, 2]],
    rejects: [[1]],
    schema: {
      type: 'array',
      prefixItems: [
        { title: 'latitude', type: 'number' },
        { title: 'longitude', type: 'number' },
      ],
      items: false,
      minItems: 2,
      maxItems: 2,
    },
  },
  { id: 'tuple_rest', type: '[string, ...number[]]', accepts: [['a'], ['a', 1, 2]], rejects: [[], ['a', 'b']] },
  {
    id: 'tuple_optional',
    type: '[string, number?]',
    accepts: [['a'], ['a', 1]],
    rejects: [[], ['a', 'b'], ['a', 1, 2]],
  },
  { id: 'tuple_readonly', type: `readonly ['zoo', 1]`, accepts: [['zoo', 1]], rejects: [['zoo', 2]] },
  { id: 'tuple_empty', type: '[]', accepts: [[]], rejects: [[1]] },
  { id: 'at_least_one', type: '[string, ...string[]]', accepts: [['a'], ['a', 'b']], rejects: [[]] },
];
