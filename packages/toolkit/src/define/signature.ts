import type { Context } from '../context/context.ts';
import type { PromptResult } from './results.ts';
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts';
import type { VariableList } from './uri-variables.ts';

/**
 * What is wrong with a decorated method, as its type can tell; `mortise infer` refuses more. A decorator of a wrong
 * method returns this, so that the first line of the compiler's error is the sentence in it. It never exists at run time.
 * @typeParam Sentence - What is wrong and what to do
 * @typeParam About - The type that it is about
 */
export interface Mistake<Sentence extends string, About = never> {
  readonly mistake: Sentence;
  readonly about: About;
}

/** A method of any signature. */
// oxlint-disable-next-line typescript/no-explicit-any -- the one place that has to accept a method of any signature
export type AnyMethod = (...parameters: any[]) => unknown;

/**
 * The method that a decorator stands on; never for another member. TC39 gives it first, with a context;
 * `experimentalDecorators` gives it last, in a descriptor, and nothing for a field.
 */
export type Decorated<First, Second, Third> = Second extends {
  readonly kind: infer Kind;
  readonly static: infer Static;
}
  ? Kind extends 'method'
    ? Static extends true
      ? never
      : First
    : never
  : Third extends TypedPropertyDescriptor<infer Value>
    ? First extends abstract new (...parameters: never[]) => unknown
      ? never
      : Value
    : never;

/** `void` for a method that can be a tool with the schemas given, `undefined` where they are inferred; else the mistake. */
export type CheckedTool<Method, Input, Output, Result> = Checked<
  Method,
  'tool',
  | (Input extends Schema ? InputMistake<Method, SchemaOutput<Input>> : JsonParameters<MethodParameters<Method>>)
  | (Output extends Schema
      ? OutputMistake<MethodResult<Method>, SchemaInput<Output>>
      : ResultMistake<MethodResult<Method>, Result>)
>;

/** `void` for a method that can be a prompt, else the mistake. */
export type CheckedPrompt<Method> = Checked<
  Method,
  'prompt',
  | FlatParameters<
      MethodParameters<Method>,
      'the argument of a prompt is a string on the wire: use string, number, boolean or a union of literals'
    >
  | (IsAny<MethodResult<Method>> extends true
      ? Mistake<'the prompt returns any: write its return type, string or PromptResult'>
      : MethodResult<Method> extends PromptResult
        ? never
        : Mistake<'a prompt returns a string or PromptResult', MethodResult<Method>>)
>;

/** `void` for a method that can be a resource under the URI, else the mistake. */
export type CheckedResource<Method, Uri extends string, Completed> = Checked<
  Method,
  'resource',
  | ResultMistake<MethodResult<Method>, unknown, readonly unknown[]>
  | FlatParameters<
      MethodParameters<Method>,
      'the variable of a URI is a string on the wire: use string, number, boolean or a union of literals'
    >
  | (string extends Uri ? never : VariableMistakes<Uri, VariableList<Uri>, Count<MethodParameters<Method>>, Completed>)
>;

type Checked<Method, Kind extends string, Mistakes> = [Method] extends [never]
  ? Mistake<`@${Kind}() belongs on a public method of an instance`>
  : [Method] extends [AnyMethod]
    ? [Mistakes] extends [never]
      ? void
      : Mistakes
    : Mistake<`@${Kind}() belongs on a public method of an instance`>;

type MethodParameters<Method> = Method extends (...parameters: infer P) => unknown ? P : [];
type MethodResult<Method> = Method extends (...parameters: never[]) => infer R ? Awaited<R> : never;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Also where it is optional. */
type IsContext<T> =
  IsAny<T> extends true ? false : [T] extends [never] ? false : [NonNullable<T>] extends [Context] ? true : false;

/** What JSON cannot say; a promise is none of a parameter, and none is left of an awaited result. */
type NotJson =
  | ((...parameters: never[]) => unknown)
  | symbol
  | bigint
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | WeakMap<WeakKey, unknown>
  | WeakSet<WeakKey>
  | PromiseLike<unknown>;

type HasNoJson<T> = true extends (T extends NotJson ? true : never) ? true : false;

/** The parameters of a tool from the first to the last; `Seen` counts them. */
type JsonParameters<P extends readonly unknown[], Seen extends 1[] = [1]> = P extends readonly []
  ? never
  : number extends P['length']
    ? P extends readonly [infer First, ...infer Rest]
      ? JsonParameter<First, Seen> | JsonParameters<Rest, [...Seen, 1]>
      : JsonParameter<P[number], Seen>
    : P extends readonly [(infer First)?, ...infer Rest]
      ? JsonParameter<First, Seen> | JsonParameters<Rest, [...Seen, 1]>
      : never;

type JsonParameter<T, Seen extends 1[]> =
  IsContext<T> extends true
    ? never
    : IsAny<T> extends true
      ? Mistake<`parameter ${Seen['length']} is any: write its type, or unknown where any JSON value will do`>
      : HasNoJson<T> extends true
        ? Mistake<`parameter ${Seen['length']} has no JSON form: a tool takes JSON data and Context`, T>
        : never;

type InputMistake<Method, Input> = Method extends (input: Input, context: Context) => unknown
  ? never
  : Mistake<'the parameters are not (input, context?) with what the input schema makes', Input>;

type OutputMistake<T, Output> =
  IsAny<T> extends true
    ? Mistake<'the method returns any: write its return type, which becomes the output schema'>
    : [T] extends [Output]
      ? never
      : Mistake<'the method does not return what the output schema takes', Output>;

/** `Also` is what else than an object may be the root of the result. */
type ResultMistake<T, Wanted, Also = never> =
  IsAny<T> extends true
    ? Mistake<'the method returns any: write its return type, which becomes the output schema'>
    : HasNoJson<T> extends true
      ? Mistake<'what the method returns has no JSON form', T>
      : [T] extends [Wanted]
        ? true extends NoObject<Exclude<T, Also>>
          ? Mistake<'the method returns no object: return one with a named property, such as { items: [...] }', T>
          : never
        : Mistake<'the method does not return what the function given as text takes', Wanted>;

type NoObject<T> = T extends number | boolean | null | readonly unknown[] ? true : never;

type Flat = string | number | boolean | undefined;

type FlatParameters<P extends readonly unknown[], Sentence extends string> = P extends readonly []
  ? never
  : P extends readonly [(infer First)?, ...infer Rest]
    ? number extends Rest['length']
      ? FlatParameter<P[number], Sentence>
      : FlatParameter<First, Sentence> | FlatParameters<Rest, Sentence>
    : never;

type FlatParameter<T, Sentence extends string> =
  IsContext<T> extends true
    ? never
    : IsAny<T> extends true
      ? Mistake<Sentence>
      : [T] extends [Flat]
        ? never
        : Mistake<Sentence, T>;

/** How many parameters there are besides the context. */
type Count<P extends readonly unknown[], Seen extends 1[] = []> = P extends readonly []
  ? Seen['length']
  : P extends readonly [(infer First)?, ...infer Rest]
    ? number extends Rest['length']
      ? number
      : Count<Rest, IsContext<First> extends true ? Seen : [...Seen, 1]>
    : Seen['length'];

type VariableMistakes<Uri extends string, Variables extends readonly string[], Parameters, Completed> =
  | (Variables['length'] extends Parameters
      ? never
      : Mistake<`${Uri} has ${Variables['length']} variables and the method ${Parameters & number} parameters: each variable is the parameter of its name`>)
  | (Completed extends Variables[number] ? never : Mistake<`complete: ${Completed & string} is no variable of ${Uri}`>);
