import type { Node } from 'typescript/unstable/ast';

import { is, SyntaxKind } from './typescript.ts';

/** What a reader of types and decorated methods asks the checker. */
export interface Questions {
  readonly names: Node[];
  readonly types: Node[];
  /** Names of properties, whose types are asked for too. */
  readonly properties: Node[];
}

/** Characters of a file about all of which it is worth to ask at once. */
const most = 20_000;

/** What around a node is asked about at once: all of its file, or its statement where the file is large. */
export function regionAround(node: Node): Node {
  const source = node.getSourceFile();
  let region: Node = source.text.length > most ? node : source;
  while (region.parent && region.parent !== source) region = region.parent;
  return region;
}

/** What will be asked about a part of a file. Code that is not read for its types may be costly to understand. */
export function questionsIn(region: Node): Questions {
  const questions: Questions = { names: [], types: [], properties: [] };
  collect(region, questions);
  return questions;
}

function collect(node: Node, questions: Questions): void {
  const { names, types, properties } = questions;
  const specifier = moduleOf(node);
  if (specifier) return void names.push(specifier);
  if (is.isBlock(node) || is.isObjectLiteralExpression(node) || isBesides(node)) return;
  if (is.isIdentifier(node)) return void names.push(node);
  if (is.isPropertySignatureDeclaration(node)) properties.push(node.name);
  else if (is.isMethodDeclaration(node) && node.type) types.push(...node.parameters, node.type);
  else if (is.isUnionTypeNode(node)) types.push(...node.types.filter(needsType));
  else if (is.isTypeReferenceNode(node)) types.push(node);
  node.forEachChild((child) => collect(child, questions));
}

/** Neither a type nor a decorated method. */
function isBesides(node: Node): boolean {
  if (is.isFunctionLikeDeclaration(node)) return !is.isMethodDeclaration(node) || !node.modifiers?.some(is.isDecorator);
  return is.isVariableStatement(node) || is.isExportDeclaration(node);
}

/** The type of a keyword or literal is known without asking. */
function needsType({ kind }: Node): boolean {
  return kind !== SyntaxKind.LiteralType && !isKeyword(kind);
}

/** Such as `string`. */
export function isKeyword(kind: SyntaxKind): boolean {
  return kind >= SyntaxKind.FirstKeyword && kind <= SyntaxKind.LastKeyword;
}

/** The module that an import is from. */
export function moduleOf(node: Node): Node | undefined {
  return is.isImportDeclaration(node) ? node.moduleSpecifier : undefined;
}
