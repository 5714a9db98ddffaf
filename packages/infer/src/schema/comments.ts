import { is, type Node, type Program, type TypeScriptSymbol } from '../compiler.ts';
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
