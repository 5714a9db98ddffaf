import type { Shape } from './shape.ts';

const address = `import type { Address } from './other.ts';`;

export const objects: readonly Shape[] = [
  {
    id: 'interface',
    declarations: 'interface Address2 {\n  /** City name */\n  city: string;\n  geo: { lat: number; lon: number };\n}',
    type: 'Address2',
    accepts: [{ city: 'x', geo: { lat: 1, lon: 2 } }],
    rejects: [{ city: 'x' }, { city: 'x', geo: { lat: '1', lon: 2 } }, { city: 'x', geo: { lat: 1, lon: 2, alt: 3 } }],
    schema: {
      type: 'object',
      properties: {
        city: { type: 'string', description: 'City name' },
        geo: {
          type: 'object',
          properties: { lat: { type: 'number' }, lon: { type: 'number' } },
          required: ['lat', 'lon'],
          additionalProperties: false,
        },
      },
      required: ['city', 'geo'],
      additionalProperties: false,
    },
  },
  {
    id: 'merged_interface',
    declarations: 'interface Merged { a: string }\ninterface Merged { b: number }',
    type: 'Merged',
    accepts: [{ a: 'x', b: 1 }],
    rejects: [{ a: 'x' }, { b: 1 }],
  },
  {
    id: 'imported',
    imports: address,
    type: 'Address',
    accepts: [{ street: 's', zip: '12345' }],
    rejects: [{ street: 's', zip: '1' }, { street: 's' }],
  },
  {
    id: 'record',
    type: 'Record<string, number>',
    accepts: [{}, { a: 1 }],
    rejects: [{ a: '1' }, []],
    schema: { type: 'object', additionalProperties: { type: 'number' } },
  },
  {
    id: 'record_finite',
    type: `Record<'zebra' | 'ant', number>`,
    accepts: [{ zebra: 1, ant: 2 }],
    rejects: [{ zebra: 1 }, { zebra: 1, ant: 2, x: 3 }],
    schema: {
      type: 'object',
      properties: { zebra: { type: 'number' }, ant: { type: 'number' } },
      required: ['zebra', 'ant'],
      additionalProperties: false,
    },
  },
  { id: 'record_partial', type: `Partial<Record<'b' | 'a', number>>`, accepts: [{}, { a: 1 }], rejects: [{ c: 1 }] },
  { id: 'record_numbers', type: 'Record<number, string>', accepts: [{ 1: 'a' }], rejects: [{ a: 'a' }, { 1: 1 }] },
  {
    id: 'record_template',
    type: 'Record<`x-${string}`, string>',
    accepts: [{ 'x-a': '1' }, {}],
    rejects: [{ a: '1' }, { 'x-a': 1 }],
  },
  { id: 'record_never', type: 'Record<string, never>', accepts: [{}], rejects: [{ a: 1 }] },
  {
    id: 'record_values',
    type: `Record<string, 'z' | 'a'>`,
    accepts: [{ k: 'z' }],
    rejects: [{ k: 'b' }],
    schema: { type: 'object', additionalProperties: { type: 'string', enum: ['z', 'a'] } },
  },
  {
    id: 'index_signature',
    type: '{ name: string; [key: string]: string }',
    accepts: [{ name: 'x', o: 'y' }],
    rejects: [{ o: 'y' }, { name: 'x', o: 1 }],
  },
  {
    id: 'intersection',
    type: '{ a: string } & { b: number }',
    accepts: [{ a: 'x', b: 1 }],
    rejects: [{ a: 'x' }, { b: 1 }, { a: 'x', b: 1, c: 1 }],
  },
  {
    id: 'extends',
    declarations: 'interface Base { id: string }\ninterface Derived extends Base { n: number }',
    type: 'Derived',
    accepts: [{ id: '1', n: 1 }],
    rejects: [{ n: 1 }],
  },
  {
    id: 'discriminated',
    type: `{ kind: 'circle'; r: number } | { kind: 'box'; w: number; h: number }`,
    accepts: [
      { kind: 'circle', r: 1 },
      { kind: 'box', w: 1, h: 2 },
    ],
    rejects: [{ kind: 'circle', w: 1, h: 1 }, { kind: 'tri' }, { kind: 'circle', r: 1, w: 1 }],
  },
  {
    id: 'union_in_order',
    declarations: 'interface Zoo { animals: number }\ninterface Ark { pairs: number }',
    type: 'Zoo | Ark',
    accepts: [{ animals: 1 }, { pairs: 1 }],
    rejects: [{}],
    schema: {
      anyOf: [
        {
          type: 'object',
          properties: { animals: { type: 'number' } },
          required: ['animals'],
          additionalProperties: false,
        },
        { type: 'object', properties: { pairs: { type: 'number' } }, required: ['pairs'], additionalProperties: false },
      ],
    },
  },
  {
    id: 'absent_member',
    type: '{ a: string; b?: never } | { b: string; a?: never }',
    accepts: [{ a: 'x' }, { b: 'x' }],
    rejects: [{ a: 'x', b: 'x' }],
  },
  {
    id: 'data_class',
    declarations: 'class Point { x!: number; y?: number }',
    type: 'Point',
    accepts: [{ x: 1 }],
    rejects: [{}, { x: '1' }],
  },
  { id: 'readonly_property', type: '{ readonly a: string }', accepts: [{ a: 'x' }], rejects: [{}] },
  {
    id: 'quoted_property',
    type: `{ 'content-type': string; 1: number }`,
    accepts: [{ 'content-type': 'x', 1: 1 }],
    rejects: [{ 'content-type': 'x' }],
  },
  {
    id: 'internal_property',
    declarations: 'interface Row {\n  a: string;\n  /** @internal */\n  secret?: string;\n}',
    type: 'Row',
    accepts: [{ a: 'x' }],
    rejects: [{}, { a: 'x', secret: 'y' }],
    schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
  },
];
