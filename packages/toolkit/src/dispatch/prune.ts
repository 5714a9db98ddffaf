import { admitsType, members, resolve } from '../surface/resolve.ts';
import type { JsonSchema } from '../surface/surface.ts';

/**
 * Copies a JSON value without the properties that the schema does not declare, at every depth. Of a union the member
 * is taken that keeps most, among those that the value has all required properties and constants of.
 */
export function prune(value: unknown, schema: JsonSchema, root: JsonSchema = schema): unknown {
  const resolved = resolve(schema, root);
  const candidates = members(resolved).map((member) => resolve(member, root));
  if (candidates.length === 1) return pruneBy(value, candidates[0] as JsonSchema, root);
  let best: { kept: unknown; size: number } | undefined;
  for (const candidate of candidates.filter((each) => resembles(value, each, root))) {
    const kept = pruneBy(value, candidate, root);
    const size = JSON.stringify(kept)?.length ?? 0;
    if (!best || size > best.size) best = { kept, size };
  }
  return best ? best.kept : value;
}

function pruneBy(value: unknown, schema: JsonSchema, root: JsonSchema): unknown {
  if (schema['anyOf'] || schema['oneOf']) return prune(value, schema, root);
  if (Array.isArray(value)) {
    const leading = (schema['prefixItems'] ?? []) as readonly JsonSchema[];
    return value.map((element: unknown, index) => {
      const each = leading[index] ?? schema['items'];
      return typeof each === 'object' ? prune(element, each as JsonSchema, root) : element;
    });
  }
  if (typeof value !== 'object' || value === null || !describesObject(schema)) return value;
  const kept = Object.entries(value)
    .map(([name, held]): [string, unknown, JsonSchema | undefined] => [name, held, propertySchema(schema, name)])
    .filter(([, , property]) => property !== undefined)
    .map(([name, held, property]) => [name, prune(held, property as JsonSchema, root)] as const);
  return Object.fromEntries(kept);
}

/** `unknown` has the schema `{}`: all of the value was declared. */
function describesObject(schema: JsonSchema): boolean {
  return 'properties' in schema || 'additionalProperties' in schema || 'patternProperties' in schema;
}

function propertySchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  if (Object.hasOwn(properties, name)) return properties[name];
  const patterns = (schema['patternProperties'] ?? {}) as Record<string, JsonSchema>;
  const pattern = Object.keys(patterns).find((each) => new RegExp(each, 'u').test(name));
  if (pattern !== undefined) return patterns[pattern];
  const further = schema['additionalProperties'];
  return typeof further === 'object' ? (further as JsonSchema) : undefined;
}

function resembles(value: unknown, schema: JsonSchema, root: JsonSchema): boolean {
  if (!admitsType(schema, value)) return false;
  if ('const' in schema && schema['const'] !== value) return false;
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value)) return false;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  const required = (schema['required'] ?? []) as readonly string[];
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  return (
    required.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(properties).every(
      ([name, property]) =>
        !Object.hasOwn(value, name) ||
        members(resolve(property, root)).some((member) =>
          scalarResembles((value as Record<string, unknown>)[name], resolve(member, root)),
        ),
    )
  );
}

function scalarResembles(value: unknown, schema: JsonSchema): boolean {
  if ('const' in schema) return schema['const'] === value;
  if (Array.isArray(schema['enum'])) return schema['enum'].includes(value);
  return admitsType(schema, value);
}
