/** What `@param` tags say about the arguments. */
import type { SchemaBuilder, Place } from '../schema/builder.ts';
import { described, type JsonSchema } from '../schema/json-schema.ts';
import { inlineTags, type Documentation } from '../schema/tsdoc.ts';
import type { MarkedMethod } from './method.ts';

/** Adds the `@param` text of the argument, its inline constraints, and the texts of what is inside it. */
export function withTexts(
  builder: SchemaBuilder,
  schema: JsonSchema,
  name: string,
  documentation: Documentation,
  place: Place,
): JsonSchema {
  const { text, tags } = inlineTags(documentation.parameters.get(name) ?? '');
  const result = builder.tagged(text ? described(schema, text) : schema, tags, place);
  if (!result['properties'] || ![...documentation.parameters.keys()].some((key) => key.startsWith(`${name}.`)))
    return result;
  const properties = Object.entries(result['properties'] as Record<string, JsonSchema>).map(([key, value]) => {
    const path = `${name}.${key}`;
    return [key, withTexts(builder, value, path, documentation, { ...place, path })] as const;
  });
  return { ...result, properties: Object.fromEntries(properties) };
}

/** Refuses `@param` tags about nothing: a misspelt name would leave an argument without its description. */
export function refuseUnknownNames(
  builder: SchemaBuilder,
  { declaration }: MarkedMethod,
  names: readonly string[],
  input: JsonSchema,
  others: readonly string[],
): void {
  for (const name of names) {
    let schema: JsonSchema | undefined = input;
    for (const part of name.split('.')) {
      const properties: Record<string, JsonSchema> | undefined = schema?.['properties'] as Record<string, JsonSchema>;
      if (!properties || (schema === input && others.includes(part) && !(part in properties))) break;
      schema = properties[part];
      if (schema) continue;
      const known = Object.keys(properties);
      const fix = known.length > 0 ? `rename it to one of ${known.join(', ')}, or remove it` : 'remove it';
      builder.problems.error('MRT1021', declaration.name, '', `@param ${name} names no parameter`, fix);
      break;
    }
  }
}

/** `@param search.query` of `({ query }: Search)` is about `query`, whatever the object is called. */
export function withoutRoot(name: string, input: JsonSchema): string {
  const [first = '', ...others] = name.split('.');
  return others.length > 0 && !(first in (input['properties'] as object)) ? others.join('.') : name;
}

/** A model that has no description of an argument has to guess. */
export function warnUndescribed(builder: SchemaBuilder, schema: JsonSchema, place: Place): void {
  if (schema['description'] !== undefined) return;
  const fix = `add @param ${place.path} - … to the comment of the method`;
  builder.problems.warning('MRT1081', place.at, place.path, 'the parameter has no description', fix);
}
