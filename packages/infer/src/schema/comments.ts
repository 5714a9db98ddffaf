import type { Program } from '../compiler/program.ts';
import { is, type HeritageClause, type Node, type TypeScriptSymbol } from '../compiler/typescript.ts';
import { nameOf } from '../diagnostics.ts';
import { parseDocumentation, undocumented, type Documentation } from './tsdoc.ts';

interface Comment {
  readonly documentation: Documentation;
  /** Stands on the line of the code before it, so that it may be meant for that. */
  readonly misplaced: boolean;
}

const read = new WeakMap<Node, Comment>();

/** The TSDoc of a declaration, whether it stands before or after its decorators. */
export function documentationOf(declaration: Node | undefined): Documentation {
  return declaration ? commentOf(declaration).documentation : undocumented;
}

/** The TSDoc of a member, or of the one it overrides where it has none or says `{@inheritDoc}`. */
export function inheritedDocumentation(program: Program, member: Node | undefined): Documentation {
  const own = documentationOf(member);
  if (!member || (own.text && !own.inherits)) return own;
  const key = nameOf(member).getText();
  const owner = member.parent as Node & { readonly heritageClauses?: readonly HeritageClause[] };
  for (const type of owner.heritageClauses?.flatMap(({ types }) => [...types]) ?? []) {
    // what an interface extends is an expression to TypeScript 7.0 and a type to 7.1
    const { expression, typeName } = type as { expression?: Node; typeName?: Node };
    const name = expression ?? typeName;
    const symbol = name && program.symbolAt(name);
    const base = symbol && program.checker.getDeclaredTypeOfSymbol(symbol);
    const overridden = base && program.declarationOf(program.checker.getPropertyOfType(base, key));
    const inherited = inheritedDocumentation(program, overridden);
    if (inherited.text) return merged(inherited, own);
  }
  return own;
}

function merged(inherited: Documentation, own: Documentation): Documentation {
  return {
    text: [inherited.text, own.text].filter(Boolean).join('\n\n'),
    parameters: new Map([...inherited.parameters, ...own.parameters]),
    returns: own.returns || inherited.returns,
    tags: [...inherited.tags, ...own.tags],
    inherits: false,
  };
}

/** Whether the comment that TypeScript would drop in silence is there: `a: string; /** about a *\/` */
export function isMisplaced(declaration: Node): boolean {
  return commentOf(declaration).misplaced;
}

/** The TSDoc of the first declaration of a symbol that has one; interfaces may be declared in several places. */
export function documentationOfSymbol(program: Program, symbol: TypeScriptSymbol | undefined): Documentation {
  for (const handle of symbol?.declarations ?? []) {
    const documentation = documentationOf(program.resolve(handle));
    if (documentation !== undocumented) return documentation;
  }
  return undocumented;
}

function commentOf(declaration: Node): Comment {
  const known = read.get(declaration);
  if (known) return known;
  const comment = findComment(declaration);
  read.set(declaration, comment);
  return comment;
}

function findComment(declaration: Node): Comment {
  const source = declaration.getSourceFile();
  const node = is.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  let found: { text: string; misplaced: boolean } | undefined;
  let from = node.pos;
  for (const part of [...modifiersOf(node), nameOf(node)]) {
    const gap = source.text.slice(from, part.getStart(source));
    for (const { 0: text, index } of gap.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)) {
      if (!text.startsWith('/**') || text === '/**/') continue;
      const opens = from === node.pos && from > 0 && !gap.slice(0, index).includes('\n');
      found = { text, misplaced: opens && gap.slice(index + text.length).includes('\n') };
    }
    from = part.end;
  }
  if (!found || found.misplaced) return { documentation: undocumented, misplaced: !!found };
  return { documentation: parseDocumentation(found.text), misplaced: false };
}

function modifiersOf(node: Node): readonly Node[] {
  return (node as { modifiers?: readonly Node[] }).modifiers ?? [];
}
