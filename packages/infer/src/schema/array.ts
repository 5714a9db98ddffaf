import { ElementFlags, is, type Node, type TupleType, type Type, type TypeReference } from '../compiler/typescript.ts';
import type { Place, SchemaBuilder } from './builder.ts';
import { documentationOf } from './comments.ts';
import type { JsonSchema } from './json-schema.ts';
import { writtenElement, writtenElements } from './written.ts';

/** `T[]` and `readonly T[]`. */
export function arraySchema(builder: SchemaBuilder, type: Type, place: Place): JsonSchema {
  const [element] = builder.program.checker.getTypeArguments(type as TypeReference);
  const written = writtenElement(builder.program, place.written);
  return { type: 'array', items: builder.schemaOf(element as Type, { ...place, path: `${place.path}[]`, written }) };
}

/** `[latitude: number, longitude?: number, ...rest: string[]]`; the labels become titles. */
export function tupleSchema(builder: SchemaBuilder, type: Type, place: Place): JsonSchema {
  const reference = type as TypeReference;
  // the compiler leaves the flags of the empty tuple out
  const elementFlags = (reference.getTarget() as Partial<TupleType>).elementFlags ?? [];
  const types = builder.program.checker.getTypeArguments(reference);
  const nodes = writtenElements(builder.program, place.written);
  const leading: JsonSchema[] = [];
  let further: JsonSchema | false = false;
  let required = 0;
  for (const [index, flags] of elementFlags.entries()) {
    const node = nodes.length === elementFlags.length ? nodes[index] : undefined;
    const schema = elementSchema(builder, types[index] as Type, node, { ...place, path: `${place.path}[${index}]` });
    if (flags & ElementFlags.Variable) {
      if (index < elementFlags.length - 1) {
        const fix = 'put the rest element last, or use an array';
        return builder.refuse('MRT1032', place, 'JSON Schema has no rest element before the end of a tuple', fix);
      }
      further = schema;
    } else leading.push(schema);
    if (flags & ElementFlags.Required) required++;
  }
  return {
    type: 'array',
    ...(leading.length > 0 && { prefixItems: leading }),
    items: further,
    ...(required > 0 && { minItems: required }),
    ...(further === false && { maxItems: leading.length }),
  };
}

function elementSchema(builder: SchemaBuilder, type: Type, node: Node | undefined, place: Place): JsonSchema {
  const named = node && is.isNamedTupleMember(node) ? node : undefined;
  const inner = named?.type ?? (node && is.isRestTypeNode(node) ? node.type : node);
  const rest = !!named?.dotDotDotToken || (!!node && is.isRestTypeNode(node));
  const direct = [inner, ...place.written];
  const written = rest ? writtenElement(builder.program, direct) : direct;
  const schema = builder.documented(builder.schemaOf(type, { ...place, written }), documentationOf(named), place);
  return named ? { title: named.name.text, ...schema } : schema;
}
