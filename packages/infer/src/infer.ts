import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { CompilerSession, type Program } from './compiler.ts';
import type { Diagnostic } from './diagnostics.ts';
import { readProject } from './read/project.ts';
import { render } from './render.ts';
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

/** Infers the surface of a project and writes `src/surface.gen.ts`. Nothing is written when anything is refused. */
export function inferProject(options: InferOptions): InferResult {
  const configuration = path.resolve(options.directory, 'tsconfig.json');
  if (!existsSync(configuration)) {
    const what = 'there is no tsconfig.json';
    return refused(options, [{ code: 'MRT1001', what, fix: 'name the folder of a server: mortise infer <folder>' }]);
  }
  using session = new CompilerSession(configuration);
  return inferProgram(session.program(), options);
}

/** As {@link inferProject}, for a program that is open already. */
export function inferProgram(program: Program, options: InferOptions): InferResult {
  if (!program.strictNullChecks) {
    const what = 'strictNullChecks is off, so that a type does not say which values may be null';
    return refused(options, [{ code: 'MRT1002', what, fix: 'set "strict": true' }]);
  }
  const { classes, sources, diagnostics } = readProject(program, options.strict ?? false);
  const file = path.resolve(options.directory, surfaceFile);
  if (diagnostics.some(({ severity }) => severity === 'error'))
    return { outcome: 'refused', file, classes, diagnostics };
  if (classes.length === 0) {
    const what = 'no class has a method marked with @tool(), @prompt() or @resource()';
    return refused(options, [
      { code: 'MRT1003', what, fix: 'mark one, and check that the tsconfig.json includes its file' },
    ]);
  }
  const { importsTypeScript } = program;
  const text = render({ generator: `@mortise/infer ${version}`, classes, sources, importsTypeScript }, file);
  const before = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
  if (text === before) return { outcome: 'current', file, classes, diagnostics };
  if (options.check) {
    const what = before === undefined ? 'there is no surface yet' : 'the surface is stale';
    const stale: Diagnostic = { code: 'MRT2002', severity: 'error', file, what, fix: 'run: mortise infer' };
    return { outcome: 'stale', file, classes, diagnostics: [...diagnostics, stale] };
  }
  writeFileSync(file, text);
  return { outcome: 'written', file, classes, diagnostics };
}

function refused(
  { directory }: InferOptions,
  found: readonly Pick<Diagnostic, 'code' | 'what' | 'fix'>[],
): InferResult {
  const file = path.resolve(directory, 'tsconfig.json');
  return {
    outcome: 'refused',
    file: path.resolve(directory, surfaceFile),
    classes: [],
    diagnostics: found.map((each) => ({ severity: 'error', file, ...each })),
  };
}
