import type { JsonSchema } from './surface.ts';

/** Follows `$ref`s within one document; `root` is the document that holds `$defs`. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/$defs/')) return schema;
  const definitions = (root['$defs'] ?? {}) as Record<string, JsonSchema>;
  const target = definitions[reference.slice('#/$defs/'.length)];
  return target ? resolve(target, root) : {};
}

/** The members of a union, or the schema itself. */
export function members(schema: JsonSchema): readonly JsonSchema[] {
  return (schema['anyOf'] ?? schema['oneOf'] ?? [schema]) as readonly JsonSchema[];
}

/** The JSON Schema type of a JSON value; a whole number is an `integer`. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** Whether the `type` keyword of the schema admits the value. */
export function admitsType(schema: JsonSchema, value: unknown): boolean {
  const types = schema['type'];
  if (types === undefined) return true;
  const actual = typeOf(value);
  return [types].flat().some((type) => type === actual || (type === 'number' && actual === 'integer'));
}
