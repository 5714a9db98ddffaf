import type { Program } from '../compiler/program.ts';
import { is, SymbolFlags, type MethodDeclaration, type Node, type TypeScriptSymbol } from '../compiler/typescript.ts';
import type { MarkedMember } from './class.ts';

const toolkit = '@mortise/toolkit';

/**
 * The author's files that an entry depends on: the file of each name in the signatures, and of each name in what
 * those names stand for. Barrels on the way count, since they decide where a name leads.
 */
export function sourcesOf(program: Program, members: readonly MarkedMember[]): string[] {
  const files = new Set<string>();
  const visited = new Set<Node>();
  const pending: Node[] = [];
  const touch = (symbol: TypeScriptSymbol): void => {
    for (const { path } of symbol.declarations) {
      if (program.isAuthored(path) && program.packageOfFile(path) !== toolkit) files.add(program.fileName(path));
    }
  };
  const visit = (node: Node | undefined): void => {
    if (!node || visited.has(node)) return;
    visited.add(node);
    pending.push(node);
  };
  for (const { declaration, around } of members) {
    files.add(declaration.getSourceFile().fileName);
    const parts = is.isMethodDeclaration(declaration) ? [...uris(declaration), ...signatureParts(declaration)] : [];
    for (const part of [...around, ...parts]) visit(part);
  }
  while (pending.length > 0) {
    const names = pending.splice(0).flatMap((node) => [...namesIn(node)]);
    for (const symbol of program.symbolsAt(names, touch)) {
      if (!symbol || symbol.flags & SymbolFlags.TypeParameter) continue;
      for (const handle of symbol.declarations) {
        if (!program.isAuthored(handle.path) || program.packageOfFile(handle.path) === toolkit) continue;
        const declaration = program.resolve(handle);
        for (const part of declaration ? partsThatMatter(declaration) : []) visit(part);
      }
      touch(symbol);
    }
  }
  return [...files].toSorted();
}

/** What a decorator is given besides options: a URI may be a constant of another file. */
function uris({ modifiers = [] as never }: MethodDeclaration): Node[] {
  return modifiers.flatMap((modifier) => {
    const call = is.isDecorator(modifier) && is.isCallExpression(modifier.expression) ? modifier.expression : undefined;
    return (call?.arguments ?? []).filter((argument) => !is.isObjectLiteralExpression(argument));
  });
}

/** Without a written return type it is the body that decides what is returned. */
function signatureParts(node: Node & { parameters: readonly Node[]; type?: Node; body?: Node }): Node[] {
  const { parameters, type, body } = node;
  const result = type ?? body;
  return result ? [...parameters, result] : [...parameters];
}

/** Of a function only its signature, of a variable with a type only the type, of everything else all of it. */
function partsThatMatter(declaration: Node): Node[] {
  if (is.isFunctionLikeDeclaration(declaration)) {
    return signatureParts(declaration);
  }
  if (is.isClassDeclaration(declaration)) {
    return [...(declaration.heritageClauses ?? []), ...declaration.members.flatMap(partsThatMatter)];
  }
  if (is.isVariableDeclaration(declaration) || is.isPropertyDeclaration(declaration)) {
    const { type, initializer } = declaration;
    const frozen = is.isVariableDeclaration(declaration) || !type;
    return [...(type ? [type] : []), ...(initializer && frozen ? [initializer] : [])];
  }
  return [declaration];
}

function* namesIn(node: Node): Generator<Node> {
  if (is.isIdentifier(node)) yield node;
  const children: Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* namesIn(child);
}
