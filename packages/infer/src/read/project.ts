import { readFileSync } from 'node:fs';

import { is, type Program } from '../compiler.ts';
import { nameOf, positionOf, type Diagnostic } from '../diagnostics.ts';
import type { SurfaceClass } from '../surface.ts';
import { readClass, type MarkedMember, type ReadClass } from './class.ts';
import { sourcesOf } from './sources.ts';

/** What a project offers, or why it cannot be said. */
export interface ReadProject {
  readonly classes: readonly SurfaceClass[];
  /** Absolute paths of the files that contributed, sorted. */
  readonly sources: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What was read from one file, to be used again for as long as none of its sources changes. */
export interface ReadFile {
  readonly classes: readonly ReadClass[];
  /** Absolute paths, the file itself among them. */
  readonly sources: readonly string[];
}

/** Whether something that was read before is still true. */
export type IsCurrent = (read: ReadFile) => boolean;

/**
 * Reads every class of the project that has a marked method.
 * @param known - What was read before, by file; what is read now is put in
 */
export function readProject(
  program: Program,
  strict: boolean,
  known: Map<string, ReadFile>,
  isCurrent: IsCurrent,
): ReadProject {
  const files = program.rootFiles.toSorted().map((file) => {
    const before = known.get(file);
    const read = before && isCurrent(before) ? before : readFile(program, file, strict);
    known.set(file, read);
    return read;
  });
  const classes = files.flatMap((file) => file.classes);
  const surfaces = classes.flatMap(({ surface }) => surface ?? []);
  return {
    classes: surfaces.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name))),
    sources: [...new Set(files.flatMap(({ classes: found, sources }) => (found.length > 0 ? sources : [])))].toSorted(),
    diagnostics: [
      ...classes.flatMap(({ diagnostics }) => diagnostics),
      ...twins(classes.flatMap(({ members }) => members)),
    ],
  };
}

function readFile(program: Program, file: string, strict: boolean): ReadFile {
  const statements = mayHoldMarks(file) ? program.sourceFile(file)?.statements : undefined;
  const classes = (statements ?? []).flatMap((statement) => {
    return (is.isClassDeclaration(statement) && readClass(program, statement, strict)) || [];
  });
  const members = classes.flatMap((read) => read.members);
  const sources = sourcesOf(program, members);
  return { classes, sources: [...new Set([file, ...sources])] };
}

/** No syntax tree crosses the pipe for a file without a class that has or inherits a decorator. */
function mayHoldMarks(file: string): boolean {
  if (/\.d\.[cm]?ts$|\.gen\.ts$/.test(file)) return false;
  return /\bclass\b[\s\S]*(?:@[\w$]|\bextends\b)/.test(readFileSync(file, 'utf8'));
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
