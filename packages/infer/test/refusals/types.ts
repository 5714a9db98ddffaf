import type { Refusal } from './refusal.ts';

export const types: readonly Refusal[] = [
  {
    id: 'any',
    type: 'any',
    says: '10:7 - error MRT1031: tool C_any.any, value: `any` has no schema. fix: write the real type, or `unknown` where any JSON value will do.',
  },
  {
    id: 'any_nested',
    type: '{ a: { b: any }[] }',
    says: '10:28 - error MRT1031: tool C_any_nested.any_nested, value.a[].b: `any` has no schema. fix: write the real type, or `unknown` where any JSON value will do.',
  },
  {
    id: 'any_json',
    declarations: 'const parsed = JSON.parse("1");',
    type: 'typeof parsed',
    says: '10:12 - error MRT1031: tool C_any_json.any_json, value: `any` has no schema. fix: write the real type, or `unknown` where any JSON value will do.',
  },
  {
    id: 'bigint',
    type: 'bigint',
    says: '10:10 - error MRT1032: tool C_bigint.bigint, value: `bigint` has no JSON form. fix: use `string` (exact) or `number` (exact up to 2^53).',
  },
  {
    id: 'bigint_literal',
    type: '1n | 2n',
    says: '10:18 - error MRT1032: tool C_bigint_literal.bigint_literal, value: `1n` has no JSON form. fix: use `string` (exact) or `number` (exact up to 2^53).',
  },
  {
    id: 'map',
    type: 'Map<string, number>',
    says: '10:7 - error MRT1032: tool C_map.map, value: `Map<string, number>` has no JSON form. fix: use Record<string, T>.',
  },
  {
    id: 'set',
    type: 'Set<string>',
    says: '10:7 - error MRT1032: tool C_set.set, value: `Set<string>` has no JSON form. fix: use T[] & UniqueItems.',
  },
  {
    id: 'weak_map',
    type: 'WeakMap<object, string>',
    says: '10:12 - error MRT1032: tool C_weak_map.weak_map, value: `WeakMap<object, string>` has no JSON form. fix: use Record<string, T>.',
  },
  {
    id: 'iterable',
    type: 'Iterable<string>',
    says: '10:12 - error MRT1032: tool C_iterable.iterable, value: `Iterable<string>` has no JSON form. fix: use T[].',
  },
  {
    id: 'generator',
    type: 'AsyncGenerator<string>',
    says: '10:13 - error MRT1032: tool C_generator.generator, value: `AsyncGenerator<string, any, any>` has no JSON form. fix: use T[].',
  },
  {
    id: 'function_property',
    type: '{ cb: (x: string) => void }',
    says: '10:30 - error MRT1032: tool C_function_property.function_property, value.cb: a function has no JSON form. fix: take it out of the signature.',
  },
  {
    id: 'function_type',
    type: 'Function',
    says: '10:17 - error MRT1032: tool C_function_type.function_type, value: `Function` has no JSON form. fix: take it out of the signature.',
  },
  {
    id: 'method_property',
    type: '{ run(): void }',
    says: '10:28 - error MRT1032: tool C_method_property.method_property, value.run: a function has no JSON form. fix: take it out of the signature.',
  },
  {
    id: 'symbol',
    type: 'symbol',
    says: '10:10 - error MRT1032: tool C_symbol.symbol, value: `symbol` has no JSON form. fix: use a string literal.',
  },
  {
    id: 'never',
    type: 'never',
    says: '10:9 - error MRT1033: tool C_never.never, value: `never` has no value. fix: remove it, or write the type that is meant.',
  },
  {
    id: 'undefined',
    type: 'undefined',
    says: '10:13 - error MRT1033: tool C_undefined.undefined, value: `undefined` has no JSON form. fix: make it optional with `?`, or use `null`.',
  },
  {
    id: 'bytes',
    type: 'Uint8Array',
    says: '10:9 - error MRT1032: tool C_bytes.bytes, value: `Uint8Array<ArrayBufferLike>` has no JSON form. fix: use a base64 string, or return content blocks.',
  },
  {
    id: 'buffer',
    type: 'Buffer',
    says: '10:10 - error MRT1032: tool C_buffer.buffer, value: `Buffer<ArrayBufferLike>` has no JSON form. fix: use a base64 string, or return content blocks.',
  },
  {
    id: 'class_methods',
    declarations: 'export class Service { id!: string; run(): void {} }',
    type: 'Service',
    says: '10:17 - error MRT1034: tool C_class_methods.class_methods, value: `Service` is a class with `run`, which is not plain data. fix: use an interface, or Pick<> the data fields.',
  },
  {
    id: 'class_private',
    declarations: 'export class Secretive { id!: string; private key!: string; use() { return this.key; } }',
    type: 'Secretive',
    says: '10:17 - error MRT1034: tool C_class_private.class_private, value: `Secretive` is a class with `use`, which is not plain data. fix: use an interface, or Pick<> the data fields.',
  },
  {
    id: 'regexp',
    type: 'RegExp',
    says: '10:10 - error MRT1032: tool C_regexp.regexp, value: `RegExp` has no JSON form. fix: use string.',
  },
  {
    id: 'url',
    type: 'URL',
    says: "10:7 - error MRT1032: tool C_url.url, value: `URL` has no JSON form. fix: use string & Format<'uri'>.",
  },
  {
    id: 'error',
    type: 'Error',
    says: '10:9 - error MRT1032: tool C_error.error, value: `Error` has no JSON form. fix: throw it, or return its message.',
  },
  {
    id: 'boxed',
    type: 'String',
    says: '10:9 - error MRT1032: tool C_boxed.boxed, value: `String` is the boxed object. fix: write `string`.',
  },
  {
    id: 'promise',
    type: 'Promise<string>',
    says: '10:11 - error MRT1032: tool C_promise.promise, value: `Promise<string>` has no JSON form. fix: await it first.',
  },
  {
    id: 'promise_nested',
    type: '{ a: Promise<string> }',
    says: '10:27 - error MRT1032: tool C_promise_nested.promise_nested, value.a: `Promise<string>` has no JSON form. fix: await it first.',
  },
  {
    id: 'unresolved',
    type: 'DoesNotExist',
    says: '10:14 - error MRT1030: tool C_unresolved.unresolved, value: the type does not resolve. fix: mend what `tsc` reports there first.',
  },
  {
    id: 'unresolved_import',
    imports: `import type { Nothing } from './nothing.ts';`,
    type: 'Nothing',
    says: '10:21 - error MRT1030: tool C_unresolved_import.unresolved_import, value: the type does not resolve. fix: mend what `tsc` reports there first.',
  },
  {
    id: 'unresolved_base',
    declarations: 'interface Part extends DoesNotExist { a: string }\ninterface Whole extends Part { b: string }',
    type: 'Whole',
    says: '11:19 - error MRT1030: tool C_unresolved_base.unresolved_base, value: `Whole` is made from `DoesNotExist`, which does not resolve. fix: mend what `tsc` reports there first, or install what it comes from.',
  },
  {
    id: 'unresolved_keys',
    declarations: 'type Flags = { [key in keyof DoesNotExist]: boolean };',
    type: 'Flags',
    says: '10:19 - error MRT1030: tool C_unresolved_keys.unresolved_keys, value: `Flags` is made from `DoesNotExist`, which does not resolve. fix: mend what `tsc` reports there first, or install what it comes from.',
  },
  {
    id: 'empty_object',
    type: '{}',
    says: '10:16 - error MRT1039: tool C_empty_object.empty_object, value: `{}` is every value but null to TypeScript. fix: write its properties, Record<string, unknown> for any object, or `unknown` for any value.',
  },
  {
    id: 'uppercase',
    type: 'Uppercase<string>',
    says: '10:13 - error MRT1032: tool C_uppercase.uppercase, value: `Uppercase<string>` cannot be checked. fix: use `string` with `Pattern<…>`.',
  },
  {
    id: 'date_or_text',
    type: 'Date | string',
    says: '10:3 - error MRT1037: tool C_date_or_text.date_or_text: a Date and another string both arrive as a string at /value. fix: take one of them.',
  },
  {
    id: 'date_recursive',
    declarations: 'interface Event2 { at: Date; causes: Event2[] }',
    type: 'Event2',
    says: "10:3 - error MRT1038: tool C_date_recursive.date_recursive: a Date in a type that contains itself cannot be made again. fix: use string & Format<'date-time'>.",
  },
  {
    id: 'date_tuple',
    type: '[Date, Date]',
    says: '10:3 - error MRT1038: tool C_date_tuple.date_tuple: a Date in a tuple, at /value, cannot be made again. fix: use an object or Date[].',
  },
  {
    id: 'date_by_member',
    type: `{ kind: 'at'; when: Date } | { kind: 'text'; when: string }`,
    says: '10:3 - error MRT1037: tool C_date_by_member.date_by_member: a Date and another string both arrive as a string at /value/when. fix: take one of them.',
  },
  {
    id: 'endless',
    declarations: 'interface Endless<T> { next: Endless<T[]> | null; value: T }',
    type: 'Endless<string>',
    says: '3:24 - error MRT1036: tool C_endless.endless, value.next.next.next.next.next….next.next.next.next: the type nests deeper than 40 levels. fix: end the recursion with a concrete type.',
  },
  {
    id: 'rest_in_the_middle',
    type: '[...string[], number]',
    says: '10:22 - error MRT1032: tool C_rest_in_the_middle.rest_in_the_middle, value: JSON Schema has no rest element before the end of a tuple. fix: put the rest element last, or use an array.',
  },
  {
    id: 'third_at_most',
    type: '{ a: any; b: any; c: any; d: any; e: any }',
    says: [
      '10:26 - error MRT1031: tool C_third_at_most.third_at_most, value.a: `any` has no schema. fix: write the real type, or `unknown` where any JSON value will do.',
      '10:34 - error MRT1031: tool C_third_at_most.third_at_most, value.b: `any` has no schema. fix: write the real type, or `unknown` where any JSON value will do.',
      '10:42 - error MRT1031: tool C_third_at_most.third_at_most, value.c: `any` has no schema. fix: write the real type, or `unknown` where any JSON value will do.',
    ],
  },
  {
    id: 'foreign',
    imports: `import type { ChildProcess } from 'node:child_process';`,
    type: 'ChildProcess',
    says: '10:11 - error MRT1032: tool C_foreign.foreign, value: `ChildProcess` has no JSON form. fix: use an interface with the fields that are needed.',
  },
];
