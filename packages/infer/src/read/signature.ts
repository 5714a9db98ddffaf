import {
  is,
  type MethodDeclaration,
  type ParameterDeclaration,
  type Program,
  type Signature,
  type Type,
} from '../compiler.ts';
import { admitsUndefined } from '../schema/object.ts';
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

/** Reads the signature; the types of an inherited method are those that the inheriting class gives it. */
export function signatureOf(program: Program, signature: Signature, method: MethodDeclaration): MethodSignature {
  const { checker } = program;
  const symbols = signature.getParameters();
  program.foresee(symbols);
  const parameters: Parameter[] = [];
  let context: number | undefined;
  const written = method.parameters.filter(({ name }) => !is.isIdentifier(name) || name.text !== 'this');
  for (const [index, declaration] of written.entries()) {
    const symbol = symbols[index];
    const declared = (symbol && checker.getTypeOfSymbol(symbol)) ?? checker.getTypeAtLocation(declaration);
    const type = declared as Type;
    const widened =
      declaration.initializer && !declaration.type ? (checker.getBaseTypeOfLiteralType(type) ?? type) : type;
    if (isContextType(program, type)) context ??= index;
    else parameters.push({ declaration, type: widened });
  }
  const returned = checker.getReturnTypeOfSignature(signature) ?? checker.getVoidType();
  return { parameters, context, result: awaited(program, returned) };
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

/** Optional for the caller: `?`, a default, a rest parameter, or a type that admits `undefined`. */
export function isOptional(program: Program, { declaration, type }: Parameter): boolean {
  if (declaration.questionToken || declaration.initializer || declaration.dotDotDotToken) return true;
  return admitsUndefined(program, type);
}

/** The parameter's name; undefined where it is taken apart. */
export function parameterName({ declaration }: Parameter): string | undefined {
  return is.isIdentifier(declaration.name) ? declaration.name.text : undefined;
}
