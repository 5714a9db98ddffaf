/**
 * The TypeScript compiler as Mortise sees it: nothing but this folder knows `typescript`. TypeScript 7.0 has its API under
 * `unstable/` and 7.1 does not, with other names for the calls of a session; both are spoken here.
 */
import type * as Sync from 'typescript/unstable/sync';
import type * as Ast from 'typescript/unstable/ast';
import type * as Is from 'typescript/unstable/ast/is';
import type { Symbol as TypeScriptSymbol } from 'typescript/unstable/sync';

import { load } from './load.ts';

const sync = await load<typeof Sync>('sync');
const ast = await load<typeof Ast>('ast');

export const is: typeof Is = await load<typeof Is>('ast/is');
export const ElementFlags: typeof Sync.ElementFlags = sync.ElementFlags;
export const ObjectFlags: typeof Sync.ObjectFlags = sync.ObjectFlags;
export const SignatureKind: typeof Sync.SignatureKind = sync.SignatureKind;
export const SymbolFlags: typeof Sync.SymbolFlags = sync.SymbolFlags;
export const SyntaxKind: typeof Ast.SyntaxKind = ast.SyntaxKind;
export const TypeFlags: typeof Sync.TypeFlags = sync.TypeFlags;
export type SignatureKind = Sync.SignatureKind;
export type SyntaxKind = Ast.SyntaxKind;

export type {
  Checker,
  LiteralType,
  TemplateLiteralType,
  TupleType,
  Type,
  TypeReference,
} from 'typescript/unstable/sync';
export type {
  BindingElement,
  ClassDeclaration,
  Decorator,
  Expression,
  HeritageClause,
  MethodDeclaration,
  Node,
  ParameterDeclaration,
} from 'typescript/unstable/ast';
export type { TypeScriptSymbol };
