import { readFileSync } from 'node:fs';

import { is, type MethodDeclaration, type Program } from '../compiler.ts';
import type { Diagnostic } from '../diagnostics.ts';
import type { SurfaceClass } from '../surface.ts';
import { readClass } from './class.ts';
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
  const methods: MethodDeclaration[] = [];
  for (const file of program.rootFiles.filter(mayHoldMarks).toSorted()) {
    for (const statement of program.sourceFile(file)?.statements ?? []) {
      const read = is.isClassDeclaration(statement) ? readClass(program, statement, strict) : undefined;
      if (!read) continue;
      diagnostics.push(...read.diagnostics);
      methods.push(...read.methods);
      if (read.surface) classes.push(read.surface);
    }
  }
  classes.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return { classes, diagnostics: [...diagnostics, ...twins(classes)], sources: sourcesOf(program, methods) };
}

/** No syntax tree crosses the pipe for a file that cannot have a decorator in it. */
function mayHoldMarks(file: string): boolean {
  if (/\.d\.[cm]?ts$|\.gen\.ts$/.test(file)) return false;
  return /\bclass\b[\s\S]*\bextends\b|^\s*@[\w$]/m.test(readFileSync(file, 'utf8'));
}

/** One name for two tools, and one for two classes. */
function twins(classes: readonly SurfaceClass[]): Diagnostic[] {
  const seen = new Map<string, string>();
  const found: Diagnostic[] = [];
  for (const { name: owner, file, surface } of classes) {
    for (const [kind, entries] of [...Object.entries(surface), ['class', [{ method: owner }]] as const]) {
      for (const { method } of entries as readonly { method: string }[]) {
        const key = `${kind} ${method}`;
        const other = seen.get(key);
        if (other === undefined) seen.set(key, owner);
        else {
          const what =
            kind === 'class'
              ? `two classes are named ${method}`
              : `${owner}.${method} and ${other}.${method} have one name`;
          found.push({ code: 'MRT1015', severity: 'error', file, what, fix: 'rename one of them' });
        }
      }
    }
  }
  return found;
}
