import { is, type BindingElement, type Node } from '../compiler/typescript.ts';
import { admitsUndefined } from '../schema/object.ts';
import type { Place, SchemaBuilder } from '../schema/builder.ts';
import { checkDefault } from '../schema/default.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import { constantOf, nameText } from './constant.ts';
import type { MarkedMethod } from './method.ts';
import { refuseUnknownNames, warnUndescribed, withoutRoot, withTexts } from './param-tags.ts';
import { isOptional, parameterName, type Parameter } from './signature.ts';

/** The arguments object of a method: its schema, and how it becomes the call. */
export interface Arguments {
  readonly parameters: readonly string[] | 'object';
  readonly rest: boolean;
  readonly input: JsonSchema;
}

/**
 * `(query: string, limit = 10)` takes the arguments `query` and `limit`; `({ query, limit = 10 }: Search)` takes the
 * whole object. Which of the two is decided by syntax alone.
 */
export function argumentsOf(
  builder: SchemaBuilder,
  method: MarkedMethod,
  parameters: readonly Parameter[],
): Arguments | undefined {
  const destructured = parameters.find((parameter) => parameterName(parameter) === undefined);
  if (!destructured) return positional(builder, method, parameters);
  const { declaration } = destructured;
  if (parameters.length > 1) {
    builder.problems.error(
      'MRT1020',
      declaration,
      '',
      'a destructured parameter stands beside others, so it has no name in the arguments',
      'give it a name, or destructure all arguments as one object',
    );
    return undefined;
  }
  if (is.isArrayBindingPattern(declaration.name)) {
    builder.problems.error(
      'MRT1023',
      declaration,
      '',
      'the arguments of a call are no array',
      'name each as a parameter',
    );
    return undefined;
  }
  return whole(builder, method, destructured);
}

function positional(builder: SchemaBuilder, method: MarkedMethod, parameters: readonly Parameter[]): Arguments {
  const { documentation } = method;
  const names = parameters.map((parameter) => parameterName(parameter) as string);
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const [index, parameter] of parameters.entries()) {
    const { declaration } = parameter;
    const name = names[index] as string;
    const place: Place = { path: name, at: declaration, written: [declaration.type, ...method.around] };
    const bare = builder.schemaOf(parameter.type, place);
    const schema = withTexts(builder, bare, name, documentation, place);
    const property = withDefault(builder, schema, declaration.initializer, place);
    properties[name] = property;
    if (isNeeded(builder, parameter, property)) required.push(name);
    warnUndescribed(builder, property, place);
  }
  const rest = !!parameters.at(-1)?.declaration.dotDotDotToken;
  const input = closed(properties, required);
  const own = method.declaration.parameters.flatMap(({ name }) => nameText(name) ?? []);
  refuseUnknownNames(builder, method, [...documentation.parameters.keys()], input, own);
  return { parameters: names, rest, input };
}

function whole(builder: SchemaBuilder, method: MarkedMethod, parameter: Parameter): Arguments {
  const { documentation, around } = method;
  const { declaration, type } = parameter;
  const place: Place = { path: '', at: declaration, written: [declaration.type, ...around] };
  const present = admitsUndefined(builder.program, type)
    ? (builder.program.checker.getNonNullableType(type) ?? type)
    : type;
  const { description: _, ...input } = builder.document(builder.schemaOf(present, place));
  if (input['type'] !== 'object' || !input['properties']) {
    const fix = 'destructure an object type with named properties';
    builder.problems.error('MRT1020', declaration, '', 'the destructured parameter is not one plain object', fix);
    return { parameters: 'object', rest: false, input };
  }
  const rooted = new Map([...documentation.parameters].map(([name, text]) => [withoutRoot(name, input), text]));
  // a tag without a dot may name the object itself, which has no name in the code
  const inner = [...documentation.parameters.keys()].filter((name) => name.includes('.'));
  refuseUnknownNames(
    builder,
    method,
    inner.map((name) => withoutRoot(name, input)),
    input,
    [],
  );
  const texts = { ...documentation, parameters: rooted };
  const defaulted = withBindingDefaults(builder, input, declaration.name, '');
  const properties = Object.entries(defaulted['properties'] as Record<string, JsonSchema>).map(([name, schema]) => {
    const here = { ...place, path: name };
    const documented = withTexts(builder, schema, name, texts, here);
    warnUndescribed(builder, documented, here);
    return [name, documented] as const;
  });
  return { parameters: 'object', rest: false, input: { ...defaulted, properties: Object.fromEntries(properties) } };
}

/** A rest parameter is needed where its type says that something is in it: `...[first, ...more]`. */
function isNeeded(builder: SchemaBuilder, parameter: Parameter, schema: JsonSchema): boolean {
  if (parameter.declaration.dotDotDotToken) return ((schema['minItems'] as number | undefined) ?? 0) > 0;
  return !isOptional(builder.program, parameter) && !('default' in schema);
}

function closed(properties: Record<string, JsonSchema>, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

function withDefault(
  builder: SchemaBuilder,
  schema: JsonSchema,
  initializer: Node | undefined,
  place: Place,
): JsonSchema {
  const value = initializer && constantOf(builder.program, initializer);
  if (initializer === undefined || value === undefined) return schema;
  checkDefault(builder, schema, value, { ...place, at: initializer });
  return { ...schema, default: value };
}

/** The defaults in a binding pattern, at every depth: `{ limit = 10, filter: { tier = 'free' } = {} }`. */
function withBindingDefaults(builder: SchemaBuilder, schema: JsonSchema, pattern: Node, path: string): JsonSchema {
  if (!is.isObjectBindingPattern(pattern)) return schema;
  const properties = { ...(schema['properties'] as Record<string, JsonSchema> | undefined) };
  const required = new Set(schema['required'] as readonly string[] | undefined);
  for (const element of pattern.elements) {
    const key = keyOf(element);
    const property = key === undefined ? undefined : properties[key];
    if (key === undefined || !property) continue;
    const place: Place = { path: path ? `${path}.${key}` : key, at: element, written: [] };
    const inner = element.name ? withBindingDefaults(builder, property, element.name, place.path) : property;
    properties[key] = withDefault(builder, inner, element.initializer, place);
    if (element.initializer) required.delete(key);
  }
  const { required: _, ...rest } = schema;
  return { ...rest, properties, ...(required.size > 0 && { required: [...required] }) };
}

function keyOf({ propertyName, name }: BindingElement): string | undefined {
  const key = propertyName ?? name;
  return key && nameText(key);
}
