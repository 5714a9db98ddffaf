import { is, TypeFlags, type LiteralType, type Type } from '../compiler/typescript.ts';
import type { Place, SchemaBuilder } from './builder.ts';
import { documentationOf } from './comments.ts';
import { legend, type JsonSchema } from './json-schema.ts';
import { literalOf } from './literal.ts';
import { inWrittenOrder, partsOf } from './order.ts';
import { writtenMember } from './written.ts';

type Literal = string | number | boolean;

/** One of several types. Literals of one kind become one `enum`, where the first of them stands. */
export function unionSchema(builder: SchemaBuilder, type: Type, place: Place): JsonSchema {
  const { program } = builder;
  const alias = program.declarationOf(type.getAliasSymbol());
  const written = alias && is.isTypeAliasDeclaration(alias) ? [partsOf(alias)[0], ...place.written] : place.written;
  const members = inWrittenOrder(
    program,
    program.membersOf(type).filter(({ flags }) => !(flags & TypeFlags.Undefined)),
    written,
  );
  const schemas: JsonSchema[] = [];
  const enums = new Map<string, { values: Literal[]; index: number }>();
  for (const member of members) {
    const value = literalOf(program.checker, member);
    if (value === undefined) {
      const inner = members.length === 1 ? written : writtenMember(program, written, member);
      add(schemas, builder.schemaOf(member, { ...place, written: inner }));
      continue;
    }
    const known = enums.get(typeof value);
    if (known) known.values.push(value);
    else enums.set(typeof value, { values: [value], index: schemas.push({}) - 1 });
  }
  for (const [kind, { values, index }] of enums) schemas[index] = enumSchema(kind, values);
  const meaning = legendOf(builder, members);
  const result: JsonSchema = schemas.length === 1 ? (schemas[0] as JsonSchema) : { anyOf: schemas };
  return meaning ? { ...result, [legend]: meaning } : result;
}

function enumSchema(kind: string, values: readonly Literal[]): JsonSchema {
  if (kind === 'boolean' && values.length === 2) return { type: 'boolean' };
  return values.length === 1 ? { type: kind, const: values[0] } : { type: kind, enum: values };
}

function add(schemas: JsonSchema[], schema: JsonSchema): void {
  const text = JSON.stringify(schema);
  if (!schemas.some((each) => JSON.stringify(each) === text)) schemas.push(schema);
}

/** What the values of an enum are called, where the value does not say it: `1 = Low, 9 = High`. */
function legendOf(builder: SchemaBuilder, members: readonly Type[]): string {
  const lines = members
    .filter(({ flags }) => flags & TypeFlags.EnumLiteral && !(flags & TypeFlags.BooleanLiteral))
    .map((member) => {
      const symbol = member.getSymbol();
      const { value } = member as LiteralType;
      const { text } = documentationOf(builder.program.declarationOf(symbol));
      const says = symbol !== undefined && bare(symbol.name) !== bare(String(value));
      return { text: `${value}${says ? ` = ${symbol.name}` : ''}${text && `: ${text}`}`, tells: says || text !== '' };
    });
  if (!lines.some(({ tells }) => tells)) return '';
  return lines.map(({ text }) => text).join(lines.some(({ text }) => text.includes(':')) ? '\n' : ', ');
}

function bare(name: string): string {
  return name.replaceAll(/[\W_]/g, '').toLowerCase();
}
