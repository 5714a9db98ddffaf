import type { SchemaBuilder } from '../schema/builder.ts';
import { isDate, type JsonSchema } from '../schema/json-schema.ts';
import type { Kind } from './mark.ts';
import type { Parameter } from './signature.ts';

const codes = { prompt: 'MRT1060', resource: 'MRT1073' } as const;

/** The arguments of a prompt and the variables of a URI are strings on the wire; nothing nested fits into one. */
export function requireFlat(
  builder: SchemaBuilder,
  input: JsonSchema,
  kind: Exclude<Kind, 'tool'>,
  parameters: readonly Parameter[],
): void {
  const properties = Object.entries((input['properties'] ?? {}) as Record<string, JsonSchema>);
  for (const [index, [name, schema]] of properties.entries()) {
    if (isFlat(schema)) continue;
    const at = (parameters[index] ?? parameters[0])?.declaration;
    if (!at) continue;
    const what =
      kind === 'prompt' ? 'the argument of a prompt is a string on the wire' : 'a URI variable is a string on the wire';
    builder.problems.error(codes[kind], at, name, what, 'use a string, number, boolean or a union of literals');
  }
}

function isFlat(schema: JsonSchema): boolean {
  if (schema['anyOf']) return (schema['anyOf'] as JsonSchema[]).every(isFlat);
  return ['string', 'number', 'integer', 'boolean'].includes(schema['type'] as string) && !schema[isDate];
}
