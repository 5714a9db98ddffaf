import type { Program } from '../compiler/program.ts';
import { is, SyntaxKind, type Node, type Type } from '../compiler/typescript.ts';
import { literalOf } from './literal.ts';
import { spellings, type Written } from './written.ts';

/** Sorts the members of a union as the author wrote them; what the author did not write follows in the checker's order. */
export function inWrittenOrder(program: Program, members: readonly Type[], written: Written): Type[] {
  const positions = new Map<string, number>();
  for (const node of written) {
    if (!node) continue;
    for (const key of keysIn(program, node, 0)) if (!positions.has(key)) positions.set(key, positions.size);
    if (members.every((member) => positions.has(keyOf(program, member)))) break;
  }
  const position = (type: Type): number => positions.get(keyOf(program, type)) ?? Number.MAX_SAFE_INTEGER;
  return members.toSorted((a, b) => position(a) - position(b));
}

/** Sorts property names in the order in which they are written as literals, such as in `Record<'b' | 'a', …>`. */
export function namesInWrittenOrder(program: Program, names: readonly string[], written: Written): string[] {
  const positions = new Map<string, number>();
  for (const key of written[0] ? keysIn(program, written[0], 0) : []) {
    if (!positions.has(key)) positions.set(key, positions.size);
  }
  const position = (name: string): number => positions.get(JSON.stringify(name)) ?? Number.MAX_SAFE_INTEGER;
  return names.toSorted((a, b) => position(a) - position(b));
}

/** Literals are known by their value, so that an enum member and its literal are one. */
function keyOf(program: Program, type: Type): string {
  const value = literalOf(program.checker, type);
  return value === undefined ? `#${type.id}` : JSON.stringify(value);
}

/** The members that a reader of `node` meets, from left to right, following names. */
function* keysIn(program: Program, node: Node, depth: number): Generator<string> {
  if (depth > 12) return;
  const inside = function* (nodes: Iterable<Node>): Generator<string> {
    for (const each of nodes) yield* keysIn(program, each, depth + 1);
  };
  for (const spelling of spellings(program, node)) {
    if (is.isUnionTypeNode(spelling)) return yield* inside(spelling.types);
    const type = is.isTypeNode(spelling) && !isLiteral(spelling) ? program.typeAt(spelling) : undefined;
    if (!type) return yield* literalsIn(spelling);
    if (type.isUnionType()) {
      if (is.isTypeOperatorNode(spelling)) yield* keysOfProperties(program, spelling.type);
      else if (is.isIndexedAccessTypeNode(spelling))
        yield* keysOfAccess(program, spelling.objectType, spelling.indexType, depth);
      else if (is.isTypeReferenceNode(spelling)) {
        yield* inside(spelling.typeArguments ?? []);
        yield* keysOfEnum(program, program.declarationOf(program.symbolAt(spelling.typeName)));
      } else if (is.isTypeQueryNode(spelling)) {
        const declaration = program.declarationOf(program.symbolAt(spelling.exprName));
        if (declaration) yield* inside(partsOf(declaration));
      } else yield* inside(childrenOf(spelling));
      const keyword = spelling.kind === SyntaxKind.BooleanKeyword;
      for (const member of program.membersOf(type))
        if (keyword || !member.isLiteralType()) yield keyOf(program, member);
    } else {
      yield keyOf(program, type);
      if (is.isTypeReferenceNode(spelling)) yield* inside(spelling.typeArguments ?? []);
    }
  }
}

function* keysOfProperties(program: Program, node: Node): Generator<string> {
  const type = program.typeAt(node);
  for (const { name } of type ? program.checker.getPropertiesOfType(type) : []) yield JSON.stringify(name);
}

function* keysOfAccess(program: Program, object: Node, index: Node, depth: number): Generator<string> {
  const { checker } = program;
  const [type, key] = [object, index].map((node) => program.typeAt(node));
  if (!type || !key) return;
  if (type.isTypeReference()) {
    for (const element of checker.getTypeArguments(type)) if (element.isLiteralType()) yield keyOf(program, element);
  }
  const names = key.isStringLiteralType() ? [key.value] : checker.getPropertiesOfType(type).map(({ name }) => name);
  if (program.isArray(type) || program.isTuple(type)) return;
  for (const name of names) {
    const declaration = program.declarationOf(checker.getPropertyOfType(type, name));
    for (const part of declaration ? partsOf(declaration) : []) yield* keysIn(program, part, depth + 1);
  }
}

function* keysOfEnum(program: Program, declaration: Node | undefined): Generator<string> {
  if (!declaration || !is.isEnumDeclaration(declaration)) return;
  for (const member of declaration.members) {
    const value = program.checker.getConstantValue(member);
    if (value !== undefined) yield JSON.stringify(value);
  }
}

/** A type that is one value as it is written: `'a'` or `1`, and neither `null` nor `-1`. */
function isLiteral(node: Node): boolean {
  return is.isLiteralTypeNode(node) && !literalsIn(node).next().done && !is.isPrefixUnaryExpression(node.literal);
}

/** The strings, numbers and booleans of an expression, in the order of the text. */
function* literalsIn(node: Node): Generator<string> {
  if (is.isStringLiteral(node) || is.isNoSubstitutionTemplateLiteral(node)) yield JSON.stringify(node.text);
  else if (is.isNumericLiteral(node)) yield JSON.stringify(Number(node.text));
  else if (node.kind === SyntaxKind.TrueKeyword || node.kind === SyntaxKind.FalseKeyword) {
    yield String(node.kind === SyntaxKind.TrueKeyword);
  } else for (const child of childrenOf(node)) yield* literalsIn(child);
}

/** The type that a declaration was given, or else the expression that its type comes from. */
export function partsOf(declaration: Node): Node[] {
  const { type, initializer } = declaration as { type?: Node; initializer?: Node };
  const part = type ?? initializer;
  return part ? [part] : [];
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  node.forEachChild((child) => void children.push(child));
  return children;
}
