/**
 * The surface of a server: everything that types and TSDoc say about what it offers, as plain data.
 * `mortise infer` writes it to `src/surface.gen.ts`; the file is committed and reviewed like a lock file.
 */

/** A JSON Schema 2020-12 document or subschema. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** How a JSON object of arguments becomes the call of a method. */
export interface CallSurface {
  /** The method of the class; also its name on the wire. */
  readonly method: string;
  /** First paragraph to last of the method's TSDoc, as the model reads it. */
  readonly description?: string;
  /**
   * The parameters in call order, without the context; each is a property of the arguments object.
   * `'object'`: the method takes the whole arguments object as one (destructured) parameter.
   */
  readonly parameters: readonly string[] | 'object';
  /** The last of `parameters` is a rest parameter: its array is spread. */
  readonly rest?: true;
  /** Index in the method's parameter list at which the {@link Context} goes. */
  readonly context?: number;
  /** The method asks the user or the client by its context. */
  readonly asks?: true;
  /** Schema of the arguments; absent when the decorator gives an explicit one. */
  readonly input?: JsonSchema;
  /** Schema of what the method returns; absent for text, for content results and where the decorator gives one. */
  readonly output?: JsonSchema;
  /**
   * Where the arguments hold a `Date`: JSON pointers from the arguments object, `{each}` for every element of an array
   * or value of a record, such as `/since` or `/items/{each}/at`.
   */
  readonly dates?: readonly string[];
  /** SHA-256 of the entry without this field, in base64url, first 16 characters: what a gateway pins. */
  readonly hash: string;
}

/** One method marked with `@tool()`. */
export type ToolSurface = CallSurface;

/** One method marked with `@prompt()`; `input` has a flat property for each argument. */
export type PromptSurface = CallSurface;

/** One method marked with `@resource(uri)`. */
export interface ResourceSurface extends CallSurface {
  /** The URI or the RFC 6570 URI template, exactly as given to the decorator. */
  readonly uri: string;
}

/** What one class offers. `Method` is the union of the class's method names, so that `tsc` fails on a renamed one. */
export interface ClassSurface<Method extends string = string> {
  readonly tools?: readonly (ToolSurface & { readonly method: Method })[];
  readonly prompts?: readonly (PromptSurface & { readonly method: Method })[];
  readonly resources?: readonly (ResourceSurface & { readonly method: Method })[];
}

/** A class, whatever its constructor takes. */
export type Class<Instance extends object = object> = abstract new (...args: never[]) => Instance;

/** The whole of a `surface.gen.ts`. */
export interface Surface {
  /** Version of this format. */
  readonly version: 1;
  /** The program that wrote the file, with its version. */
  readonly generator: string;
  /** `import.meta.url` of the file: what the paths in `sources` are relative to. */
  readonly base: string;
  /**
   * Each project file that contributed, by its path relative to the surface file, and the SHA-256 of its text
   * (line ends as LF) in base64url, first 16 characters.
   */
  readonly sources: Readonly<Record<string, string>>;
  /** Each class with what it offers; the class is bound by identity, so a minifier may rename it. */
  readonly classes: readonly (readonly [type: Class, surface: ClassSurface])[];
}

/** Binds what was inferred to its class. Written into `surface.gen.ts` by `mortise infer`, not by hand. */
export function surfaceOf<Instance extends object>(
  type: Class<Instance>,
  surface: ClassSurface<keyof Instance & string>,
): readonly [Class, ClassSurface] {
  return [type, surface];
}
