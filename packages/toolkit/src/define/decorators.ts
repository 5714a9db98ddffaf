import type { Context } from '../context/context.ts';
import type { Awaitable, PromptOptions, ResourceOptions, ToolOptions } from './definitions.ts';
import type { UriVariables } from './functional.ts';
import { markMethod, type Mark } from './marks.ts';
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts';

/** A decorator for methods of the type `Method`, under `experimentalDecorators` and under the TC39 protocol alike. */
export interface MethodMark<Method> {
  <M extends Method>(prototype: object, name: string | symbol, descriptor: TypedPropertyDescriptor<M>): void;
  (method: Method, context: ClassMethodDecoratorContext): void;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the one place that has to accept a method of any signature
type AnyMethod = (...parameters: any[]) => unknown;

/** Gives the schemas of a tool instead of having them inferred. */
export interface ExplicitSchemas<Input extends Schema, Output extends Schema> {
  /** The arguments object; the method takes it as its first parameter, as the schema made it. */
  readonly input: Input;
  /** What the method returns; inferred from the return type when left out. */
  readonly output?: Output;
}

/** Offers a method as a tool whose schemas are written with zod or another Standard Schema. */
// before the other one, so that the compiler gives `text` and `confirm` the types of the schemas
export function tool<Input extends Schema, Output extends Schema>(
  options: ToolOptions<SchemaOutput<Output>, SchemaOutput<Input>> & ExplicitSchemas<Input, Output>,
): MethodMark<(input: SchemaOutput<Input>, context: Context) => Awaitable<SchemaInput<Output>>>;
/**
 * Offers a method as a tool, under its own name. Parameters, types, defaults and descriptions are inferred from the
 * signature and its TSDoc by `mortise infer`, the output schema from the return type.
 *
 * ```ts
 * @tool({ readOnly: true })
 * async search_customers(query: string, limit: Int & Min<1> & Max<50> = 10): Promise<CustomerPage> { … }
 * ```
 */
export function tool<Result = unknown, Values = Readonly<Record<string, unknown>>>(
  options?: ToolOptions<Result, Values>,
): MethodMark<(...parameters: Parameters<AnyMethod>) => Awaitable<Result>>;
export function tool(options: ToolOptions & Partial<ExplicitSchemas<Schema, Schema>> = {}): MethodMark<AnyMethod> {
  const { input, output, ...rest } = options;
  return mark({ kind: 'tool', options: rest, ...(input && { input }), ...(output && { output }) });
}

/**
 * Offers a method as a prompt, under its own name. Its arguments are strings on the wire, so they are strings,
 * numbers, booleans or literal unions here; it returns the text of one user message, or messages.
 */
export function prompt(options: PromptOptions = {}): MethodMark<AnyMethod> {
  return mark({ kind: 'prompt', options });
}

/**
 * Offers a method as a resource or, where the URI has variables, as a resource template (RFC 6570).
 * @param uri - Such as `customer://{customer_id}`; each variable is a parameter of the method, by name
 */
export function resource<Uri extends string>(
  uri: Uri,
  options: ResourceOptions<UriVariables<Uri>> = {},
): MethodMark<AnyMethod> {
  return mark({ kind: 'resource', options, uri });
}

function mark(definition: Mark): MethodMark<AnyMethod> {
  return (first: unknown, second: unknown, third?: unknown) => markMethod(definition, first, second, third);
}
