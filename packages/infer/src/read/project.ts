import { readFileSync } from 'node:fs';

import type { Program } from '../compiler/program.ts';
import { is } from '../compiler/typescript.ts';
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

/** What was read from one file, to be used again for as long as none of its sources changes; it holds no syntax tree. */
export interface ReadFile {
  readonly classes: readonly Omit<ReadClass, 'members'>[];
  readonly offers: readonly Offer[];
  /** Absolute paths, the file itself among them. */
  readonly sources: readonly string[];
}

/** A tool, prompt or resource, and where it is declared. */
type Offer = Pick<MarkedMember, 'kind' | 'name' | 'owner'> & { readonly at: ReturnType<typeof positionOf> };

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
      ...twins(files.flatMap(({ offers }) => offers)),
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
  return {
    classes: classes.map(({ surface, diagnostics }) => ({ ...(surface && { surface }), diagnostics })),
    offers: members.map(({ kind, name, owner, declaration }) => {
      return { kind, name, owner, at: positionOf(nameOf(declaration)) };
    }),
    sources: [...new Set([file, ...sources])],
  };
}

/** No syntax tree crosses the pipe for a file without a class that has or inherits a decorator. */
function mayHoldMarks(file: string): boolean {
  if (/\.d\.[cm]?ts$|\.gen\.ts$/.test(file)) return false;
  return /\bclass\b[\s\S]*(?:@[\w$]|\bextends\b)/.test(readFileSync(file, 'utf8'));
}

/** Two tools, prompts or resources of one name. */
function twins(offers: readonly Offer[]): Diagnostic[] {
  const seen = new Map<string, Offer>();
  return offers.flatMap((offer) => {
    const { kind, name, owner, at } = offer;
    const other = seen.get(`${kind} ${name}`);
    seen.set(`${kind} ${name}`, other ?? offer);
    if (!other) return [];
    const what = `${kind} ${owner}.${name}: ${other.owner}.${other.name} has the same name`;
    const inherited = other.at.file === at.file && other.at.line === at.line && other.at.column === at.column;
    const fix = inherited ? 'make the class that only passes it on abstract' : 'rename one of them';
    return [{ code: 'MRT1015', severity: 'error', ...at, what, fix }];
  });
}
