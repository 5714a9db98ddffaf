import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Code } from './codes.ts';
import { CompilerSession, type FileChanges, type StandIn } from './compiler/session.ts';
import type { Diagnostic } from './diagnostics.ts';
import { readProject, type IsCurrent, type ReadFile } from './read/project.ts';
import { render, surfaceType, type Content } from './render.ts';
import type { SurfaceClass } from './surface.ts';
import { version } from './version.ts';

/** What to infer, and what to do with it. */
export interface InferOptions {
  /** The folder with the tsconfig.json. */
  readonly directory: string;
  /** Writes nothing; a surface file that is not what would be written is an error. Default false. */
  readonly check?: boolean;
  /** Makes every warning an error. Default false. */
  readonly strict?: boolean;
}

/** What came of it. */
export interface InferResult {
  /**
   * `written`: the file changed. `current`: it was what it should be. `stale`: it is not, and was only checked.
   * `refused`: there are errors in the sources, and the file is as it was.
   */
  readonly outcome: 'written' | 'current' | 'stale' | 'refused';
  /** Absolute path of the surface file. */
  readonly file: string;
  readonly classes: readonly SurfaceClass[];
  /** Warnings, and the errors behind `stale` and `refused`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Where the surface of a project is written, relative to the folder of its tsconfig.json. */
export const surfaceFile = 'src/surface.gen.ts';

/** Bytes of a surface file. Below, to save memory takes more time than it is worth. */
const large = 1_000_000;

/** Infers the surface of a project and writes `src/surface.gen.ts`. Nothing is written when anything is refused. */
export function inferProject(options: InferOptions): InferResult {
  using inference = new Inference(options);
  return inference.run();
}

/** Inference that keeps the compiler open, and what it has read, to run again when files change. */
export class Inference {
  readonly #options: InferOptions;
  readonly #known = new Map<string, ReadFile>();
  #session: CompilerSession | undefined;

  constructor(options: InferOptions) {
    this.#options = options;
  }

  /** @param changes - What changed since the last run; left out, everything may have */
  run(changes?: FileChanges): InferResult {
    const { directory, strict = false } = this.#options;
    const configuration = path.resolve(directory, 'tsconfig.json');
    if (!existsSync(configuration)) {
      return this.#refused(
        'MRT1001',
        'there is no tsconfig.json',
        'name the folder of a server: mortise infer <folder>',
      );
    }
    this.#session ??= new CompilerSession(configuration, this.#standIn);
    const program = this.#session.program(changes);
    if (!program.strictNullChecks) {
      const what = 'strictNullChecks is off, so that a type does not say which values may be null';
      return this.#refused('MRT1002', what, 'set "strict": true');
    }
    const touched = changes && new Set(Object.values(changes).flat());
    const isCurrent: IsCurrent = ({ classes, sources }) =>
      !!touched && !sources.some((file) => touched.has(file)) && !classes.some(hasErrors);
    const { diagnostics, ...read } = readProject(program, strict, this.#known, isCurrent);
    if (this.#isLarge) this.#session.forget();
    if (hasErrors({ diagnostics })) {
      return { outcome: 'refused', file: this.#file, classes: read.classes, diagnostics };
    }
    if (read.classes.length === 0) {
      const what = 'no class has a method marked with @tool(), @prompt() or @resource()';
      return this.#refused('MRT1003', what, 'mark one, and check that the tsconfig.json includes its file');
    }
    return this.#keep({ ...read, importsTypeScript: program.importsTypeScript }, diagnostics);
  }

  /** Absolute paths of the files that the last run read from. */
  get sources(): readonly string[] {
    return [...new Set([...this.#known.values()].flatMap(({ sources }) => sources))];
  }

  [Symbol.dispose](): void {
    this.#session?.[Symbol.dispose]();
  }

  get #file(): string {
    return path.resolve(this.#options.directory, surfaceFile);
  }

  /** A large surface takes much memory of the compiler, and says to others only what type it has. */
  get #standIn(): StandIn | undefined {
    return this.#isLarge ? { file: this.#file, text: surfaceType } : undefined;
  }

  get #isLarge(): boolean {
    return (statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) > large;
  }

  /** Writes the file where it has to change. One that only another version of this program wrote is kept. */
  #keep(content: Omit<Content, 'generator'>, diagnostics: readonly Diagnostic[]): InferResult {
    const file = this.#file;
    const { classes } = content;
    const text = render({ ...content, generator: `@mortise/infer ${version}` }, file);
    const before = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
    if (before !== undefined && isSame(before, text)) return { outcome: 'current', file, classes, diagnostics };
    if (this.#options.check) {
      const what = before === undefined ? 'there is no surface yet' : 'the surface is stale';
      const stale: Diagnostic = { code: 'MRT2002', severity: 'error', file, what, fix: 'run: mortise infer' };
      return { outcome: 'stale', file, classes, diagnostics: [...diagnostics, stale] };
    }
    writeFileSync(file, text);
    return { outcome: 'written', file, classes, diagnostics };
  }

  #refused(code: Code, what: string, fix: string): InferResult {
    const file = path.resolve(this.#options.directory, 'tsconfig.json');
    return {
      outcome: 'refused',
      file: this.#file,
      classes: [],
      diagnostics: [{ code, severity: 'error', file, what, fix }],
    };
  }
}

function hasErrors({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** Whether nothing but the version of the program differs. A surface can be large, and is not copied for it. */
function isSame(one: string, other: string): boolean {
  const [[head, tail], [otherHead, otherTail]] = [aroundGenerator(one), aroundGenerator(other)];
  return head === otherHead && tail === otherTail;
}

function aroundGenerator(text: string): readonly [head: string, tail: string] {
  const start = Math.max(0, text.search(/^ {2}generator: /m));
  return [text.slice(0, start), text.slice(text.indexOf('\n', start))];
}
