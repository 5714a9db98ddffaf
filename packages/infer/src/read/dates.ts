import type { Place, SchemaBuilder } from '../schema/builder.ts';
import { isDate, type JsonSchema } from '../schema/json-schema.ts';

/**
 * Where the arguments hold a Date, as JSON pointers with `{each}` for elements and values. What cannot be told apart
 * or found again when the call arrives is refused.
 */
export function datesIn(builder: SchemaBuilder, input: JsonSchema, place: Place): readonly string[] {
  const dates = new Set<string>();
  const texts = new Set<string>();
  const walk = (schema: JsonSchema, pointer: string, inTuple: boolean): void => {
    if (schema[isDate]) {
      dates.add(pointer);
      if (inTuple) {
        builder.refuse(
          'MRT1038',
          place,
          `a Date in a tuple, at ${pointer}, cannot be made again`,
          'use an object or Date[]',
        );
      }
    } else if (schema['type'] === 'string') texts.add(pointer);
    for (const [name, property] of entries(schema['properties'])) {
      walk(property, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, inTuple);
    }
    for (const property of Object.values(record(schema['patternProperties'])))
      walk(property, `${pointer}/{each}`, inTuple);
    for (const key of ['items', 'additionalProperties']) {
      if (typeof schema[key] === 'object') walk(schema[key] as JsonSchema, `${pointer}/{each}`, inTuple);
    }
    for (const element of (schema['prefixItems'] ?? []) as JsonSchema[]) walk(element, pointer, true);
    for (const member of (schema['anyOf'] ?? []) as JsonSchema[]) walk(member, pointer, inTuple);
  };
  walk(input, '', false);
  for (const pointer of dates) {
    if (!texts.has(pointer)) continue;
    const what = `a Date and another string both arrive as a string at ${pointer}`;
    builder.refuse('MRT1037', place, what, 'take one of them');
  }
  if (builder.definitions().some(containsDate)) {
    builder.refuse(
      'MRT1038',
      place,
      'a Date in a type that contains itself cannot be made again',
      "use string & Format<'date-time'>",
    );
  }
  return [...dates];
}

function containsDate(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return isDate in schema || Object.values(schema).some(containsDate);
}

function record(value: unknown): Record<string, JsonSchema> {
  return (value ?? {}) as Record<string, JsonSchema>;
}

function entries(value: unknown): [string, JsonSchema][] {
  return Object.entries(record(value));
}
