import type { Program } from '../compiler/program.ts';
import { TypeFlags, type MethodDeclaration, type Type } from '../compiler/typescript.ts';
import type { Problems } from '../diagnostics.ts';
import { SchemaBuilder, type Place } from '../schema/builder.ts';
import { described, type JsonSchema } from '../schema/json-schema.ts';
import { isContentResult } from './mark.ts';
import type { MarkedMethod } from './method.ts';
import { writtenResult } from './signature.ts';

/** The schema of what a tool or resource returns; undefined for text, bytes, nothing, and content written out. */
export function outputOf(
  program: Program,
  { around, declaration, documentation, mark }: MarkedMethod,
  result: Type,
  problems: Problems,
): JsonSchema | undefined {
  if (isUnstructured(program, result) || (mark.kind === 'resource' && isBytes(program, result))) return undefined;
  const builder = new SchemaBuilder(program, 'output', problems);
  const { type, name } = declaration;
  const place: Place = {
    path: 'returns',
    at: type ?? name,
    written: [...(type ? writtenResult(program, type) : [undefined]), ...around],
  };
  const before = problems.errors;
  const schema = builder.schemaOf(result, place);
  const document = builder.document(documentation.returns ? described(schema, documentation.returns) : schema);
  if (problems.errors > before || isObject(document, document)) return document;
  const isArray = document['type'] === 'array';
  if (mark.kind === 'resource' && isArray) return document;
  const fix = isArray ? 'return an object: { items: [...] }' : 'return an object with a named property';
  problems.error(
    'MRT1050',
    place.at,
    '',
    `a ${mark.kind} returns \`${builder.print(result)}\`, which is no object`,
    fix,
  );
  return undefined;
}

/** A prompt's result is not described to anyone, but `any` hides what it is. */
export function refuseAny(result: Type, { type, name }: MethodDeclaration, problems: Problems): void {
  if (!(result.flags & TypeFlags.Any)) return;
  problems.error(
    'MRT1031',
    type ?? name,
    'returns',
    '`any` hides what the prompt returns',
    'return string or PromptResult',
  );
}

function isUnstructured(program: Program, type: Type): boolean {
  const isAlias = isContentResult(program, type.getAliasSymbol());
  const types = type.isUnionType() && !isAlias ? program.membersOf(type) : [type];
  return types.every(
    (each) =>
      each.flags & (TypeFlags.Void | TypeFlags.Undefined | TypeFlags.StringLike) ||
      isContentResult(program, each.getAliasSymbol()) ||
      isContentResult(program, each.getSymbol()),
  );
}

/** A resource's bytes go out as a blob. */
function isBytes(program: Program, type: Type): boolean {
  const symbol = type.getSymbol();
  return symbol?.name === 'Uint8Array' && program.inDefaultLibrary(symbol);
}

/** An object, or one of several objects. */
function isObject(schema: JsonSchema, document: JsonSchema): boolean {
  const reference = /^#\/\$defs\/(.+)$/.exec((schema['$ref'] as string | undefined) ?? '')?.[1];
  if (reference) return isObject((document['$defs'] as Record<string, JsonSchema>)[reference] ?? {}, document);
  const members = schema['anyOf'] as readonly JsonSchema[] | undefined;
  return members ? members.every((member) => isObject(member, document)) : schema['type'] === 'object';
}
