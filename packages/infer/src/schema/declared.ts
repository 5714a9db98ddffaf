/** What the declaration of a type says without a question to the compiler. */
import type { Program } from '../compiler/program.ts';
import { is, ObjectFlags, SyntaxKind, type Node, type Type, type TypeScriptSymbol } from '../compiler/typescript.ts';

const kinds: readonly SyntaxKind[] = [SyntaxKind.InterfaceDeclaration, SyntaxKind.TypeLiteral];

/**
 * Whether a type has named properties and nothing else: an interface or type literal without signatures, and without a
 * base that may have some.
 */
export function hasOnlyProperties(program: Program, type: Type): boolean {
  const declarations = type.getSymbol()?.declarations ?? [];
  // no file is read for what is neither, such as the `Partial` of TypeScript's own library
  const isDeclared = declarations.length > 0 && declarations.every(({ kind }) => kinds.includes(kind));
  return isDeclared && declarations.every((handle) => propertiesIn(program.resolve(handle)) !== undefined);
}

/** The properties in the order in which they are declared, as the compiler has them too. */
export function propertiesOf(program: Program, type: Type): readonly TypeScriptSymbol[] {
  return declaredProperties(program, type) ?? program.checker.getPropertiesOfType(type);
}

/** Undefined for a type that is made from its declaration, such as one with type arguments or the rest of an object. */
function declaredProperties(program: Program, type: Type): readonly TypeScriptSymbol[] | undefined {
  const [declaration, another] = type.getSymbol()?.declarations ?? [];
  if (!declaration || another || !kinds.includes(declaration.kind) || !type.isObjectType()) return undefined;
  const { Anonymous, Instantiated, Interface, ObjectRestType, Reference } = ObjectFlags;
  const made = type.objectFlags & (Instantiated | ObjectRestType | Reference);
  if (made || !(type.objectFlags & (Anonymous | Interface))) return undefined;
  const names = propertiesIn(program.resolve(declaration))?.map(({ name }) => name);
  const symbols = names && program.checker.getSymbolAtLocation(names).filter((symbol) => symbol !== undefined);
  return symbols?.length === names?.length ? symbols && [...new Set(symbols)] : undefined;
}

/** The members of an interface or type literal that has no others. */
function propertiesIn(declaration: Node | undefined): readonly { readonly name: Node }[] | undefined {
  if (!declaration) return undefined;
  const isAlone = is.isInterfaceDeclaration(declaration) && !declaration.heritageClauses;
  if (!isAlone && !is.isTypeLiteralNode(declaration)) return undefined;
  const members: readonly Node[] = declaration.members;
  return members.every(isNamed) ? members : undefined;
}

/** A computed name may turn out to be an index signature. */
function isNamed(member: Node): member is Node & { readonly name: Node } {
  if (!is.isPropertySignatureDeclaration(member) && !is.isMethodSignatureDeclaration(member)) return false;
  return !is.isComputedPropertyName(member.name);
}
