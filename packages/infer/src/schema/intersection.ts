import { TypeFlags, type Type } from '../compiler/typescript.ts';
import type { Place, SchemaBuilder } from './builder.ts';
import { constrained, isMisuse, keywordsOfType } from './constraints.ts';
import type { JsonSchema } from './json-schema.ts';
import { dataSchema } from './object.ts';

/**
 * Objects become one object. A primitive or array keeps its schema, with the keywords of the constraint types beside
 * it; what is left is a brand, which only TypeScript sees.
 */
export function intersectionSchema(builder: SchemaBuilder, type: Type, place: Place): JsonSchema {
  const parts = builder.program.membersOf(type);
  const constraints = parts.map((part) => (part.isObjectType() ? keywordsOfType(builder.program, part) : undefined));
  const base = parts.find((part, index) => !constraints[index] && isValue(builder, part));
  if (!base) return dataSchema(builder, type, place);
  let schema = builder.schemaOf(base, place);
  for (const keywords of constraints) {
    if (!keywords) continue;
    const [keyword = ''] = Object.keys(keywords);
    const applied = constrained(schema, keywords, keyword ? `the constraint ${keyword}` : 'a constraint type');
    if (isMisuse(applied)) return builder.misuse(applied, place, schema);
    schema = applied;
  }
  return schema;
}

function isValue(builder: SchemaBuilder, type: Type): boolean {
  const { program } = builder;
  const primitive = TypeFlags.Primitive | TypeFlags.TemplateLiteral | TypeFlags.StringMapping;
  return (type.flags & primitive) !== 0 || program.isArray(type) || program.isTuple(type) || isBuiltIn(builder, type);
}

function isBuiltIn(builder: SchemaBuilder, type: Type): boolean {
  return type.getSymbol()?.name === 'Date' && builder.program.inDefaultLibrary(type.getSymbol());
}
