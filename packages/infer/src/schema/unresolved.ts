import type { Program } from '../compiler/program.ts';
import { is, type Node, type Type, type TypeScriptSymbol } from '../compiler/typescript.ts';

/**
 * The text of what a type is made from but TypeScript cannot find: a base, or the type whose keys are mapped. The
 * members that it would give are missing from the type without an error of its own, in a package's `.d.ts` without any.
 */
export function unresolvedPart(program: Program, type: Type): string | undefined {
  const pending = [type.getSymbol()];
  const visited = new Set<TypeScriptSymbol>();
  for (let symbol = pending.pop(); symbol; symbol = pending.pop()) {
    if (visited.has(symbol) || program.inDefaultLibrary(symbol)) continue;
    visited.add(symbol);
    for (const part of symbol.declarations.flatMap((handle) => madeFrom(program.resolve(handle)))) {
      const base = program.checker.getTypeFromTypeNode(
        part as Parameters<typeof program.checker.getTypeFromTypeNode>[0],
      );
      if (!base || base.isErrorType()) return part.getText();
      const next = base.getSymbol();
      if (next) pending.push(next);
    }
  }
  return undefined;
}

function madeFrom(declaration: Node | undefined): readonly Node[] {
  if (!declaration) return [];
  if (is.isInterfaceDeclaration(declaration) || is.isClassDeclaration(declaration)) {
    return (declaration.heritageClauses ?? []).flatMap(({ types }) => [...types]);
  }
  const keys = is.isMappedTypeNode(declaration) ? declaration.typeParameter.constraint : undefined;
  return keys && is.isTypeOperatorNode(keys) ? [keys.type] : [];
}
