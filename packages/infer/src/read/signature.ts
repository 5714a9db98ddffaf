import type { Program } from '../compiler/program.ts';
import {
  is,
  SignatureKind,
  SyntaxKind,
  type MethodDeclaration,
  type Node,
  type ParameterDeclaration,
  type Type,
} from '../compiler/typescript.ts';
import { admitsUndefined } from '../schema/object.ts';
import { holds } from './holds.ts';
import { isContext } from './mark.ts';

/** A parameter of a method, with its type as the class sees it. */
export interface Parameter {
  readonly declaration: ParameterDeclaration;
  readonly type: Type;
}

/** What a call of the method takes and gives. */
export interface MethodSignature {
  /** Without the context. */
  readonly parameters: readonly Parameter[];
  /** Index of the context among all parameters. */
  readonly context: number | undefined;
  /** What is returned, out of its promise. */
  readonly result: Type;
}

/** The types of a method as the class has them: an inherited one has those that the inheriting class gives it. */
export interface MethodTypes {
  /** Of each parameter but `this`. */
  readonly parameters: readonly Type[];
  /** May be a promise of it. */
  readonly returned: Type;
}

/** Undefined for a method that has not exactly one signature. */
export function typesOf(
  program: Program,
  owner: Type,
  method: MethodDeclaration,
  name: string,
): MethodTypes | undefined {
  return typesAsWritten(program, owner, method) ?? typesAsInherited(program, owner, method, name);
}

/** A method of the class itself, with one signature that says what is returned, has the types that are written there. */
function typesAsWritten(program: Program, owner: Type, method: MethodDeclaration): MethodTypes | undefined {
  const isOwn = program.declarationOf(owner.getSymbol()) === method.parent;
  const isOne = program.checker.getSymbolAtLocation(method.name)?.declarations.length === 1;
  if (!isOwn || !isOne || method.postfixToken || !method.type) return undefined;
  const [result] = writtenResult(program, method.type);
  const written = [...parametersOf(method), result];
  // to the class itself, `this` is the class
  if (written.some((part) => holds(part, isThis))) return undefined;
  const types = program.checker.getTypeAtLocation(written).filter((type) => type !== undefined);
  const returned = types.pop();
  return returned && types.length === written.length - 1 ? { parameters: types, returned } : undefined;
}

function typesAsInherited(
  program: Program,
  owner: Type,
  method: MethodDeclaration,
  name: string,
): MethodTypes | undefined {
  const { checker } = program;
  const property = checker.getPropertyOfType(owner, name);
  const type = property && checker.getTypeOfSymbol(property);
  const [signature, overload] = type ? checker.getSignaturesOfType(type, SignatureKind.Call) : [];
  if (!signature || overload) return undefined;
  const types = checker.getTypeOfSymbol(signature.getParameters());
  return {
    parameters: parametersOf(method).map(
      (declaration, index) => (types[index] ?? checker.getTypeAtLocation(declaration)) as Type,
    ),
    returned: checker.getReturnTypeOfSignature(signature) ?? checker.getVoidType(),
  };
}

function isThis({ kind }: Node): boolean {
  return kind === SyntaxKind.ThisType || kind === SyntaxKind.ThisKeyword;
}

function parametersOf({ parameters }: MethodDeclaration): readonly ParameterDeclaration[] {
  return parameters.filter(({ name }) => !is.isIdentifier(name) || name.text !== 'this');
}

/** What the parameters are, and what comes out of the promise. */
export function signatureOf(program: Program, types: MethodTypes, method: MethodDeclaration): MethodSignature {
  const { checker } = program;
  const parameters: Parameter[] = [];
  let context: number | undefined;
  for (const [index, declaration] of parametersOf(method).entries()) {
    const type = types.parameters[index] as Type;
    const widened =
      declaration.initializer && !declaration.type ? (checker.getBaseTypeOfLiteralType(type) ?? type) : type;
    if (isContextType(program, type)) context ??= index;
    else parameters.push({ declaration, type: widened });
  }
  return { parameters, context, result: awaited(program, types.returned) };
}

function isContextType(program: Program, type: Type): boolean {
  return [type, ...program.membersOf(type)].some((each) => isContext(program, each.getSymbol()));
}

/** Out of `Promise<T>`, and out of `T | Promise<T>`. */
function awaited(program: Program, type: Type): Type {
  if (type.isUnionType()) {
    const members = program.membersOf(type);
    const promise = members.find((each) => isPromise(program, each));
    const inner = promise && awaited(program, promise);
    const { checker } = program;
    const isSame = (each: Type): boolean =>
      each === promise ||
      (!!inner && checker.isTypeAssignableTo(each, inner) && checker.isTypeAssignableTo(inner, each));
    return inner && members.every(isSame) ? inner : type;
  }
  if (!isPromise(program, type) || !type.isTypeReference()) return type;
  return awaited(program, program.checker.getTypeArguments(type)[0] ?? type);
}

function isPromise(program: Program, type: Type): boolean {
  const symbol = type.getSymbol();
  return (symbol?.name === 'Promise' || symbol?.name === 'PromiseLike') && program.inDefaultLibrary(symbol);
}

/** `Page` of `Promise<Page>`. */
export function writtenResult(program: Program, node: Node): readonly [Node, ...Node[]] {
  if (!is.isTypeReferenceNode(node) || !node.typeArguments?.[0]) return [node];
  const symbol = program.symbolAt(node.typeName);
  return symbol?.name === 'Promise' && program.inDefaultLibrary(symbol) ? [node.typeArguments[0], node] : [node];
}

/** Optional for the caller: `?`, a default, a rest parameter, or a type that admits `undefined`. */
export function isOptional(program: Program, { declaration, type }: Parameter): boolean {
  if (declaration.questionToken || declaration.initializer || declaration.dotDotDotToken) return true;
  return admitsUndefined(program, type);
}

/** The parameter's name; undefined where it is taken apart. */
export function parameterName({ declaration }: Parameter): string | undefined {
  return is.isIdentifier(declaration.name) ? declaration.name.text : undefined;
}
