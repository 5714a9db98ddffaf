import { TypeFlags, type Type } from '../compiler.ts';
import type { Place, SchemaBuilder } from './builder.ts';
import { constrained, keywordsOfType } from './constraints.ts';
import type { JsonSchema } from './json-schema.ts';
import { dataSchema } from './object.ts';

/**
 * Objects become one object. A primitive or array keeps its schema, with the keywords of the constraint types beside
 * it; what is left is a brand, which only TypeScript sees.
 */
export function intersectionSchema(builder: SchemaBuilder, type: Type, place: Place): JsonSchema {
  const { checker } = builder.program;
  const parts = type.isIntersectionType() ? type.getTypes() : [];
  const constraints = parts.map((part) => (part.isObjectType() ? keywordsOfType(checker, part) : undefined));
  const base = parts.find((part, index) => !constraints[index] && isValue(builder, part));
  if (!base) {
    if (!constraints.some(Boolean)) return dataSchema(builder, type, place);
    const rest = parts.filter((_, index) => !constraints[index]);
    const what = 'a constraint type stands on an object';
    if (rest.length > 0) return builder.refuse('MRT1041', place, what, 'put it on a string, number or array');
    return builder.refuse(
      'MRT1041',
      place,
      'a constraint type stands alone',
      'write the type before it: number & Min<1>',
    );
  }
  let schema = builder.schemaOf(base, place);
  for (const keywords of constraints) {
    if (!keywords) continue;
    const [keyword = ''] = Object.keys(keywords);
    const applied = constrained(schema, keywords, keyword ? `the constraint ${keyword}` : 'a constraint type');
    if ('code' in applied && 'fix' in applied) {
      return builder.misuse(applied as Parameters<SchemaBuilder['misuse']>[0], place, schema);
    }
    schema = applied;
  }
  return schema;
}

function isValue(builder: SchemaBuilder, type: Type): boolean {
  const { checker } = builder.program;
  const primitive = TypeFlags.Primitive | TypeFlags.TemplateLiteral | TypeFlags.StringMapping;
  return (
    (type.flags & primitive) !== 0 || checker.isArrayType(type) || checker.isTupleType(type) || isBuiltIn(builder, type)
  );
}

function isBuiltIn(builder: SchemaBuilder, type: Type): boolean {
  return type.getSymbol()?.name === 'Date' && builder.program.inDefaultLibrary(type.getSymbol());
}
