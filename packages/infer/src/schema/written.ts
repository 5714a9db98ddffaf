/**
 * How the author wrote a type. The checker forgets what a reader still sees: the order of a union, the labels of a
 * tuple, the comments of members that a mapped type passed on. All of it is read back from the declarations.
 */
import type { Program } from '../compiler/program.ts';
import { is, ObjectFlags, SymbolFlags, type Node, type Type, type TypeScriptSymbol } from '../compiler/typescript.ts';

/**
 * The nodes in which a type is written: first the one that denotes exactly this type, or undefined where the author
 * wrote none; then the ones around it, the nearest first.
 */
export type Written = readonly (Node | undefined)[];

/** The type of an element, where the author wrote an array: `Customer` of `readonly Customer[]`. */
export function writtenElement(program: Program, written: Written): Written {
  for (const node of spellings(program, written[0])) {
    if (is.isArrayTypeNode(node)) return [node.elementType, ...written];
    const argument = is.isTypeReferenceNode(node) && program.inDefaultLibrary(program.symbolAt(node.typeName));
    if (argument && node.typeArguments?.[0]) return [node.typeArguments[0], ...written];
  }
  return [undefined, ...written];
}

/** The type of the values, where the author wrote a `Record` or an index signature. */
export function writtenValue(program: Program, written: Written, index: Node | undefined): Written {
  if (index && is.isIndexSignatureDeclaration(index) && index.type) return [index.type, ...written];
  for (const node of spellings(program, written[0])) {
    const value = is.isTypeReferenceNode(node) && program.inDefaultLibrary(program.symbolAt(node.typeName));
    if (value && node.typeArguments?.[1]) return [node.typeArguments[1], ...written];
  }
  return [undefined, ...written];
}

/** The elements of a tuple as the author wrote them. */
export function writtenElements(program: Program, written: Written): readonly Node[] {
  for (const region of written) {
    for (const node of spellings(program, region)) if (is.isTupleTypeNode(node)) return [...node.elements];
  }
  return [];
}

/** The part of a written union that denotes one of its members. */
export function writtenMember(program: Program, written: Written, member: Type): Written {
  for (const node of spellings(program, written[0])) {
    if (!is.isUnionTypeNode(node)) continue;
    const part = node.types.find((each) => program.typeAt(each)?.id === member.id);
    if (part) return [part, ...written];
  }
  return [undefined, ...written];
}

/** What the author named: the declarations that a written type is a reference to, through aliases of aliases. */
export function* namedBy(program: Program, node: Node | undefined): Generator<TypeScriptSymbol> {
  for (const spelling of spellings(program, node)) {
    const symbol = is.isTypeReferenceNode(spelling) && program.symbolAt(spelling.typeName);
    if (symbol) yield symbol;
  }
}

/**
 * The property of the same name in a type that the written type was made from, such as the table in
 * `Selectable<CustomerTable>`; its comment and position are what the author wrote.
 */
export function originOf(program: Program, written: Written, name: string): TypeScriptSymbol | undefined {
  for (const type of sourcesOf(program, written)) {
    const property = program.checker.getPropertyOfType(type, name);
    if (property?.declarations.length) return property;
  }
  return undefined;
}

/** The order in which the author wrote the properties that a mapped type passed on. */
export function originOrder(program: Program, written: Written): readonly string[] {
  return sourcesOf(program, written).flatMap((type) =>
    program.checker.getPropertiesOfType(type).map(({ name }) => name),
  );
}

const sources = new WeakMap<Program, Map<Node, readonly Type[]>>();

/** The object types that are handed as type arguments anywhere in the written type. */
function sourcesOf(program: Program, written: Written): readonly Type[] {
  let known = sources.get(program);
  if (!known) sources.set(program, (known = new Map()));
  const [node] = written;
  if (!node) return [];
  let found = known.get(node);
  if (!found) known.set(node, (found = [...argumentsIn(program, node, 0)]));
  return found;
}

function* argumentsIn(program: Program, node: Node, depth: number): Generator<Type> {
  for (const spelling of spellings(program, node)) {
    if (depth > 8 || !is.isTypeReferenceNode(spelling)) continue;
    for (const argument of spelling.typeArguments ?? []) {
      const type = program.typeAt(argument);
      if (
        type?.isObjectType() &&
        !(type.objectFlags & ObjectFlags.Mapped) &&
        !program.inDefaultLibrary(type.getSymbol())
      ) {
        yield type;
      }
      yield* argumentsIn(program, argument, depth + 1);
    }
  }
}

/** The node without parentheses and `readonly`, then what each alias that it names stands for. */
export function* spellings(program: Program, node: Node | undefined): Generator<Node> {
  let current: Node | undefined = node;
  for (let depth = 0; current && depth < 20; depth++) {
    while (current && (is.isParenthesizedTypeNode(current) || is.isOptionalTypeNode(current) || isReadonly(current))) {
      current = current.type;
    }
    if (!current) return;
    yield current;
    current = aliased(program, current);
  }
}

function isReadonly(node: Node): node is Node & { readonly type: Node } {
  return is.isTypeOperatorNode(node) && node.getText().startsWith('readonly');
}

function aliased(program: Program, node: Node): Node | undefined {
  if (!is.isTypeReferenceNode(node)) return undefined;
  const symbol = program.symbolAt(node.typeName);
  if (!symbol || !(symbol.flags & SymbolFlags.TypeAlias) || program.inDefaultLibrary(symbol)) return undefined;
  const declaration = program.declarationOf(symbol);
  return declaration && is.isTypeAliasDeclaration(declaration) ? declaration.type : undefined;
}
