import type { Program } from '../compiler/program.ts';
import {
  ObjectFlags,
  SignatureKind,
  SymbolFlags,
  TypeFlags,
  type Node,
  type Type,
  type TypeScriptSymbol,
} from '../compiler/typescript.ts';
import { arraySchema, tupleSchema } from './array.ts';
import type { Place, SchemaBuilder } from './builder.ts';
import { builtInSchema } from './built-in.ts';
import { inheritedDocumentation, isMisplaced } from './comments.ts';
import { hasOnlyProperties, propertiesOf } from './declared.ts';
import type { JsonSchema } from './json-schema.ts';
import { namesInWrittenOrder, partsOf } from './order.ts';
import { keyPattern } from './template.ts';
import { unresolvedPart } from './unresolved.ts';
import { originOf, originOrder, writtenValue } from './written.ts';

/** Whatever TypeScript calls an object: arrays, tuples, built-in classes, functions, and data. */
export function objectSchema(builder: SchemaBuilder, type: Type, place: Place): JsonSchema {
  const { program } = builder;
  if (program.isTuple(type)) return tupleSchema(builder, type, place);
  if (program.isArray(type)) return arraySchema(builder, type, place);
  const builtIn = builtInSchema(builder, type, place);
  if (builtIn) return builtIn;
  if (isFunction(program, type)) {
    return builder.refuse('MRT1032', place, 'a function has no JSON form', 'take it out of the signature');
  }
  return dataSchema(builder, type, place);
}

/** Whether it can be called; a class may well be constructed, its instances are meant. */
function isFunction(program: Program, type: Type): boolean {
  // a mapped type has no signatures, whatever it maps
  if (hasOnlyProperties(program, type) || isMapped(type)) return false;
  const has = (kind: SignatureKind): boolean => program.checker.getSignaturesOfType(type, kind).length > 0;
  const isClass = ((type.getSymbol()?.flags ?? 0) & SymbolFlags.Class) !== 0;
  return has(SignatureKind.Call) || (!isClass && has(SignatureKind.Construct));
}

/** Data: named properties and index signatures, closed. */
export function dataSchema(builder: SchemaBuilder, type: Type, place: Place): JsonSchema {
  const { checker } = builder.program;
  const missing = unresolvedPart(builder.program, type);
  if (missing !== undefined) {
    const what = `\`${builder.print(type)}\` is made from \`${missing}\`, which does not resolve`;
    return builder.refuse('MRT1030', place, what, 'mend what `tsc` reports there first, or install what it comes from');
  }
  const members = propertiesOf(builder.program, type).filter(({ name }) => !name.startsWith('__@'));
  if (members.some(({ name }) => name === '__schema')) {
    const fix = 'write it beside a string, number or array: number & Min<1>';
    return builder.refuse('MRT1041', place, 'a constraint type stands alone or on an object', fix);
  }
  const indexes = hasOnlyProperties(builder.program, type)
    ? []
    : checker.getIndexInfosOfType(type).filter(({ keyType }) => !(keyType.flags & TypeFlags.ESSymbolLike));
  const method =
    members.find(({ flags }) => flags & SymbolFlags.Method) ?? members.find((each) => isPrivate(builder, each));
  if (method && type.getSymbol() && (type.getSymbol() as TypeScriptSymbol).flags & SymbolFlags.Class) {
    const what = `\`${builder.print(type)}\` is a class with \`${method.name}\`, which is not plain data`;
    return builder.refuse('MRT1034', place, what, 'use an interface, or Pick<> the data fields');
  }
  if (members.length === 0 && indexes.length === 0) {
    const fix = 'write its properties, Record<string, unknown> for any object, or `unknown` for any value';
    return builder.refuse('MRT1039', place, `\`${builder.print(type)}\` is every value but null to TypeScript`, fix);
  }
  builder.program.foresee(members);
  const properties: [string, JsonSchema][] = [];
  const required: string[] = [];
  for (const member of inOrder(builder, members, type, place)) {
    const property = propertySchema(builder, member, place);
    if (!property) continue;
    properties.push([member.name, property.schema]);
    if (property.required) required.push(member.name);
  }
  const further = indexSchemas(builder, indexes, place);
  return {
    type: 'object',
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required }),
    ...further,
  };
}

interface Property {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** The schema of a member, unless the author keeps it from the model or it can never be there. */
function propertySchema(builder: SchemaBuilder, member: TypeScriptSymbol, parent: Place): Property | undefined {
  const { program } = builder;
  const path = parent.path ? `${parent.path}.${member.name}` : member.name;
  const origin = member.declarations.length > 0 ? member : originOf(program, parent.written, member.name);
  const declaration = program.declarationOf(origin);
  const documentation = inheritedDocumentation(program, declaration);
  if (documentation.tags.some(({ name }) => name === 'internal' || name === 'hidden')) return undefined;
  const authored = declaration && program.isAuthored(declaration.getSourceFile().path);
  const place: Place = {
    path,
    at: authored ? declaration : parent.at,
    written: [declaration && partsOf(declaration)[0], ...parent.written],
  };
  if (authored && isMisplaced(declaration)) {
    const what = 'its TSDoc comment stands behind other code, where it may belong to that';
    builder.problems.error('MRT1043', declaration, path, what, 'put the comment on a line of its own');
  }
  const type = program.checker.getTypeOfSymbol(member);
  if (!type)
    return {
      schema: builder.refuse('MRT1030', place, 'the type does not resolve', 'mend what `tsc` reports'),
      required: true,
    };
  const optional = (member.flags & SymbolFlags.Optional) !== 0 || admitsUndefined(program, type);
  if (optional && isAbsent(type)) return undefined;
  const schema = builder.documented(builder.schemaOf(type, place), documentation, place);
  const filled = builder.direction === 'input' && 'default' in schema;
  return { schema, required: !optional && !filled };
}

/** Only `undefined` (or nothing at all): the property of a discriminated union that its other members have. */
function isAbsent(type: Type): boolean {
  return (type.flags & (TypeFlags.Undefined | TypeFlags.Never)) !== 0;
}

export function admitsUndefined(program: Program, type: Type): boolean {
  return [type, ...program.membersOf(type)].some(({ flags }) => flags & TypeFlags.Undefined);
}

function isPrivate(builder: SchemaBuilder, member: TypeScriptSymbol): boolean {
  const declaration = builder.program.declarationOf(member) as { modifiers?: readonly Node[] } | undefined;
  return !!declaration?.modifiers?.some((modifier) => /^(private|protected)$/.test(modifier.getText()));
}

/** Index signatures: any key, keys of a pattern, or none. */
function indexSchemas(
  builder: SchemaBuilder,
  indexes: ReturnType<SchemaBuilder['program']['checker']['getIndexInfosOfType']>,
  place: Place,
): JsonSchema {
  const patterns: Record<string, JsonSchema> = {};
  let further: JsonSchema | false = false;
  for (const { keyType, valueType, declaration } of indexes) {
    if (valueType.flags & TypeFlags.Never) continue;
    const written = writtenValue(builder.program, place.written, declaration && builder.program.resolve(declaration));
    const value = builder.schemaOf(valueType, { ...place, path: `${place.path}[key]`, written });
    if (keyType.flags & TypeFlags.String) further = value;
    else patterns[keyPattern(builder, keyType, place)] = value;
  }
  return {
    ...(Object.keys(patterns).length > 0 && { patternProperties: patterns }),
    additionalProperties: further,
  };
}

/** The checker sorts what a mapped type makes; the author's order is in what it was made from. */
function inOrder(
  builder: SchemaBuilder,
  members: readonly TypeScriptSymbol[],
  type: Type,
  place: Place,
): readonly TypeScriptSymbol[] {
  if (!isMapped(type)) return members;
  const origin = originOrder(builder.program, place.written);
  const names = members.map(({ name }) => name);
  const ordered = names.some((name) => origin.includes(name))
    ? names.toSorted((a, b) => rank(origin, a) - rank(origin, b))
    : namesInWrittenOrder(builder.program, names, place.written);
  return ordered.map((name) => members.find((member) => member.name === name) as TypeScriptSymbol);
}

function isMapped(type: Type): boolean {
  return type.isObjectType() && (type.objectFlags & ObjectFlags.Mapped) !== 0;
}

function rank(order: readonly string[], name: string): number {
  const index = order.indexOf(name);
  return index < 0 ? order.length : index;
}
