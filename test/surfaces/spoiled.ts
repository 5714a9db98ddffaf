import type { JsonSchema } from '@mortise/infer';

/**
 * For every keyword anywhere in a schema a copy that describes what just that keyword forbids: one past a bound, a
 * property too many or too few, a fraction for an integer.
 */
export function* spoiled(schema: JsonSchema): Generator<JsonSchema> {
  for (const change of changes(schema)) yield { ...schema, ...change };
  for (const keyword of ['items', 'additionalProperties']) {
    const inner = schema[keyword];
    if (typeof inner !== 'object' || inner === null) continue;
    for (const each of spoiled(inner as JsonSchema)) yield { ...schema, [keyword]: each };
  }
  for (const keyword of ['properties', '$defs']) {
    const inner = schema[keyword] as Readonly<Record<string, JsonSchema>> | undefined;
    for (const [name, child] of Object.entries(inner ?? {})) {
      for (const each of spoiled(child)) yield { ...schema, [keyword]: { ...inner, [name]: each } };
    }
  }
  for (const keyword of ['anyOf', 'prefixItems']) {
    const inner = (schema[keyword] ?? []) as readonly JsonSchema[];
    for (const [index, child] of inner.entries()) {
      for (const each of spoiled(child)) yield { ...schema, [keyword]: inner.with(index, each) };
    }
  }
}

function* changes(schema: JsonSchema): Generator<JsonSchema> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as Record<string, number | undefined>;
  if (minimum !== undefined) yield { const: minimum - 1 };
  if (maximum !== undefined) yield { const: maximum + 1 };
  for (const bound of [exclusiveMinimum, exclusiveMaximum]) if (bound !== undefined) yield { const: bound };
  for (const of of ['Length', 'Items']) {
    const { [`min${of}`]: min, [`max${of}`]: max } = schema as Record<string, number | undefined>;
    if (min !== undefined && min > 0) yield { [`min${of}`]: min - 1, [`max${of}`]: min - 1 };
    if (max !== undefined) yield { [`min${of}`]: max + 1, [`max${of}`]: max + 1 };
  }
  if (schema['type'] === 'integer') yield { const: (minimum ?? 0) + 0.5 };
  if (typeof schema['pattern'] === 'string') yield { pattern: '.' };
  if ('enum' in schema) yield { enum: [String((schema['enum'] as unknown[])[0]).toUpperCase()] };
  const required = (schema['required'] ?? []) as readonly string[];
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  for (const name of required) {
    const { [name]: _, ...others } = properties;
    yield { properties: others, required: required.filter((each) => each !== name) };
  }
  if (schema['additionalProperties'] === false) {
    yield { properties: { ...properties, another: {} }, required: [...required, 'another'] };
  }
}
