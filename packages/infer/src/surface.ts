/**
 * The shape of what is written, as `@mortise/toolkit` reads it. It is declared again here because this package must not
 * depend on the toolkit; the generated file is checked against the toolkit's own types by `tsc`.
 */
import type { JsonSchema } from './schema/json-schema.ts';

/** A tool, prompt or resource. */
export interface Entry {
  readonly method: string;
  readonly uri?: string;
  readonly description?: string;
  readonly parameters: readonly string[] | 'object';
  readonly rest?: true;
  readonly context?: number;
  readonly asks?: true;
  readonly input?: JsonSchema;
  readonly output?: JsonSchema;
  readonly dates?: readonly string[];
  readonly hash: string;
}

/** What one class offers. */
export interface ClassSurface {
  readonly tools?: readonly Entry[];
  readonly prompts?: readonly Entry[];
  readonly resources?: readonly Entry[];
}

/** A class that offers something. */
export interface SurfaceClass {
  readonly name: string;
  /** Imported as `default`. */
  readonly isDefault: boolean;
  /** Absolute path of the file that declares it. */
  readonly file: string;
  readonly surface: ClassSurface;
  /**
   * What the marks say besides, by method: title and hints, as far as they are constants. It is not in the surface file,
   * since the server has it from the marks themselves.
   */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
