import { TypeFlags, type TemplateLiteralType, type Type } from '../compiler/typescript.ts';
import type { Place, SchemaBuilder } from './builder.ts';
import type { JsonSchema } from './json-schema.ts';

const number = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;

/** `` `user-${number}` `` is a string with a pattern. */
export function templateSchema(builder: SchemaBuilder, type: Type, place: Place): JsonSchema {
  return { type: 'string', pattern: `^${patternOf(builder, type, place)}$` };
}

/** The pattern of the keys of an index signature. */
export function keyPattern(builder: SchemaBuilder, key: Type, place: Place): string {
  return `^${patternOf(builder, key, place)}$`;
}

function patternOf(builder: SchemaBuilder, type: Type, place: Place): string {
  if (type.flags & TypeFlags.String) return String.raw`[\s\S]*`;
  if (type.flags & TypeFlags.Number) return number;
  if (type.flags & TypeFlags.BigInt) return String.raw`-?\d+`;
  if (type.isLiteralType()) return escaped(String(type.value));
  if (type.flags & (TypeFlags.BooleanLiteral | TypeFlags.Null | TypeFlags.Undefined)) return builder.print(type);
  if (type.isUnionType())
    return `(?:${type
      .getTypes()
      .map((each) => patternOf(builder, each, place))
      .join('|')})`;
  if (type.flags & TypeFlags.TemplateLiteral) {
    const { texts } = type as TemplateLiteralType;
    const parts = (type as TemplateLiteralType).getTypes().map((each) => patternOf(builder, each, place));
    return texts.map((text, index) => escaped(text) + (parts[index] ?? '')).join('');
  }
  if (type.isIntersectionType()) return patternOf(builder, type.getTypes()[0] as Type, place);
  builder.refuse(
    'MRT1032',
    place,
    `\`${builder.print(type)}\` cannot be checked in a text`,
    'use `string` with `Pattern<…>`',
  );
  return '';
}

/** Only what the `u` flag allows to be escaped. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
