import { TypeFlags, type Checker, type Type } from '../compiler/typescript.ts';

/** The value of a literal type; undefined for every other type, and for `bigint` literals, which JSON has not. */
export function literalOf(checker: Checker, type: Type): string | number | boolean | undefined {
  if (type.flags & TypeFlags.BooleanLiteral) return checker.typeToString(type) === 'true';
  if (!type.isLiteralType() || typeof type.value === 'bigint') return undefined;
  return type.value;
}
