import { readFileSync } from 'node:fs';

import { is, type Program } from '../compiler.ts';
import { nameOf, positionOf, type Diagnostic } from '../diagnostics.ts';
import type { SurfaceClass } from '../surface.ts';
import { readClass, type MarkedMember } from './class.ts';
import { sourcesOf } from './sources.ts';

/** What a project offers, or why it cannot be said. */
export interface ReadProject {
  readonly classes: readonly SurfaceClass[];
  /** Absolute paths of the files that contributed, sorted. */
  readonly sources: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads every class of the project that has a marked method. */
export function readProject(program: Program, strict: boolean): ReadProject {
  const classes: SurfaceClass[] = [];
  const diagnostics: Diagnostic[] = [];
  const members: MarkedMember[] = [];
  for (const file of program.rootFiles.filter(mayHoldMarks).toSorted()) {
    for (const statement of program.sourceFile(file)?.statements ?? []) {
      const read = is.isClassDeclaration(statement) ? readClass(program, statement, strict) : undefined;
      if (!read) continue;
      diagnostics.push(...read.diagnostics);
      members.push(...read.members);
      if (read.surface) classes.push(read.surface);
    }
  }
  classes.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const methods = members.map(({ declaration }) => declaration).filter((member) => is.isMethodDeclaration(member));
  return { classes, diagnostics: [...diagnostics, ...twins(members)], sources: sourcesOf(program, methods) };
}

/** No syntax tree crosses the pipe for a file that cannot have a decorator in it. */
function mayHoldMarks(file: string): boolean {
  if (/\.d\.[cm]?ts$|\.gen\.ts$/.test(file)) return false;
  return /\bclass\b[\s\S]*\bextends\b|^\s*@[\w$]/m.test(readFileSync(file, 'utf8'));
}

/** Two tools, prompts or resources of one name. */
function twins(members: readonly MarkedMember[]): Diagnostic[] {
  const seen = new Map<string, MarkedMember>();
  return members.flatMap((member) => {
    const { kind, name, owner, declaration } = member;
    const other = seen.get(`${kind} ${name}`);
    seen.set(`${kind} ${name}`, other ?? member);
    if (!other) return [];
    const what = `${kind} ${owner}.${name}: ${other.owner}.${other.name} has the same name`;
    const inherited = other.declaration === declaration;
    const fix = inherited ? 'make the class that only passes it on abstract' : 'rename one of them';
    return [{ code: 'MRT1015', severity: 'error', ...positionOf(nameOf(declaration)), what, fix }];
  });
}
