import path from 'node:path';

import type { Code } from './codes.ts';
import type { Node } from './compiler/typescript.ts';

/** Something in the sources that has to be mended, or, as a warning, should be. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  /** Absolute path. */
  readonly file: string;
  /** Counted from 1; absent where the whole file or project is meant. */
  readonly line?: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column?: number;
  /** What is wrong and where: one clause without a full stop. */
  readonly what: string;
  /** The step that mends it: one clause without a full stop. */
  readonly fix: string;
}

/** One line in the form of `tsc`, with a path that terminals and editors open. */
export function formatDiagnostic(diagnostic: Diagnostic, directory: string): string {
  const { code, severity, file, line, column, what, fix } = diagnostic;
  const position = line === undefined ? '' : `:${line}:${column}`;
  return `${path.relative(directory, file) || '.'}${position} - ${severity} ${code}: ${what}. fix: ${fix}.`;
}

/** At most so many errors are reported about one method: the first ones explain the others. */
const limit = 3;

/** What is wrong with one method; knows how to say where. */
export class Problems {
  readonly #subject: string;
  readonly #found: Diagnostic[] = [];
  readonly #places = new Set<string>();
  readonly #strict: boolean;

  /**
   * @param subject - Such as `tool CustomerDb.search_customers`
   * @param strict - Whether warnings are errors
   */
  constructor(subject: string, strict: boolean) {
    this.#subject = subject;
    this.#strict = strict;
  }

  get errors(): number {
    return this.#found.filter(({ severity }) => severity === 'error').length;
  }

  /**
   * @param place - Where in the arguments or the result, such as `filter.tiers[]`; empty for the method itself
   */
  error(code: Code, at: Node, place: string, what: string, fix: string): void {
    this.#add('error', code, at, place, what, fix);
  }

  warning(code: Code, at: Node, place: string, what: string, fix: string): void {
    this.#add(this.#strict ? 'error' : 'warning', code, at, place, what, fix);
  }

  /** The warnings, and the first errors. */
  diagnostics(): Diagnostic[] {
    let errors = 0;
    return this.#found.filter(({ severity }) => severity === 'warning' || ++errors <= limit);
  }

  #add(severity: Diagnostic['severity'], code: Code, at: Node, place: string, what: string, fix: string): void {
    const position = positionOf(at);
    const same = ({ code: other, line, column }: Diagnostic): boolean =>
      other === code && line === position.line && column === position.column;
    if (this.#places.has(place) && this.#found.some(same)) return;
    this.#places.add(place);
    const where = place.length > 60 ? `${place.slice(0, 30)}…${place.slice(-20)}` : place;
    const whole = `${this.#subject}${where && `, ${where}`}: ${what}`;
    this.#found.push({ code, severity, ...position, what: whole, fix });
  }
}

/** The name of a declaration, or all of it where it has none: what to point at. */
export function nameOf(declaration: Node): Node {
  return (declaration as { name?: Node }).name ?? declaration;
}

/** Where a node begins, without the comments before it. */
export function positionOf(node: Node): Pick<Diagnostic, 'file'> & { line: number; column: number } {
  const source = node.getSourceFile();
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { file: source.fileName, line: line + 1, column: character + 1 };
}
