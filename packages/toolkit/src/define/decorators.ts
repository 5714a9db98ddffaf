import type { PromptOptions, ResourceOptions, ToolOptions } from './definitions.ts';
import { markMethod, type Mark } from './marks.ts';
import type { Schema, SchemaOutput } from './schema.ts';
import type { AnyMethod, CheckedPrompt, CheckedResource, CheckedTool, Decorated, Mistake } from './signature.ts';
import type { UriVariables } from './uri-variables.ts';

/*
 * One signature serves both protocols: TC39 calls with (method, context), `experimentalDecorators` with (prototype,
 * name, descriptor). What is wrong with a method is returned: the compiler then names it in its first line, where an
 * argument that does not fit, or an overload, would hide it behind "Unable to resolve signature" (TS1241).
 */

/** Marks a method as a tool; returns a `Mistake` where the method cannot be one. */
export interface ToolMark<Input, Output, Result> {
  <First, Second, Third = undefined>(
    first: First,
    second: Second,
    third?: Third,
  ): CheckedTool<Decorated<First, Second, Third>, Input, Output, Result>;
}

/** Marks a method as a prompt; returns a `Mistake` where the method cannot be one. */
export interface PromptMark {
  <First, Second, Third = undefined>(
    first: First,
    second: Second,
    third?: Third,
  ): CheckedPrompt<Decorated<First, Second, Third>>;
}

/** Marks a method as a resource; returns a `Mistake` where the method cannot be one. */
export interface ResourceMark<Uri extends string, Completed extends string> {
  <First, Second, Third = undefined>(
    first: First,
    second: Second,
    third?: Third,
  ): CheckedResource<Decorated<First, Second, Third>, Uri, Completed>;
}

/** Gives the schemas of a tool instead of having them inferred: zod or another Standard Schema. */
export interface ToolSchemas<Input, Output> {
  /** The arguments object; the method takes it as its first parameter, as the schema made it. */
  readonly input?: Input;
  /** What the method returns; inferred from the return type when left out. */
  readonly output?: Output;
}

/**
 * Offers a method as a tool, under its own name. Parameters, types, defaults and descriptions are inferred from the
 * signature and its TSDoc by `mortise infer`, the output schema from the return type; or they are given as schemas.
 *
 * ```ts
 * @tool({ readOnly: true })
 * async search_customers(query: string, limit: Int & Min<1> & Max<50> = 10): Promise<CustomerPage> { … }
 * ```
 */
export function tool<
  Input extends Schema | undefined = undefined,
  Output extends Schema | undefined = undefined,
  Result = unknown,
>(
  options?: ToolOptions<
    Output extends Schema ? SchemaOutput<Output> : Result,
    Input extends Schema ? SchemaOutput<Input> : Readonly<Record<string, unknown>>
  > &
    ToolSchemas<Input, Output>,
): ToolMark<Input, Output, Result>;
export function tool(method: AnyMethod, context: DecoratorContext): Mistake<'write @tool(), with its parentheses'>;
export function tool(
  prototype: object,
  name: PropertyKey,
  descriptor: PropertyDescriptor,
): Mistake<'write @tool(), with its parentheses'>;
export function tool(first: object = {}, ...bare: readonly unknown[]): unknown {
  if (bare.length > 0) return markBare('tool', first, bare);
  const { input, output, ...rest } = first as ToolOptions & ToolSchemas<Schema, Schema>;
  return mark({ kind: 'tool', options: rest, ...(input && { input }), ...(output && { output }) });
}

/**
 * Offers a method as a prompt, under its own name. Its arguments are strings on the wire, so they are strings,
 * numbers, booleans or literal unions here; it returns the text of one user message, or messages.
 */
export function prompt(options?: PromptOptions): PromptMark;
export function prompt(method: AnyMethod, context: DecoratorContext): Mistake<'write @prompt(), with its parentheses'>;
export function prompt(
  prototype: object,
  name: PropertyKey,
  descriptor: PropertyDescriptor,
): Mistake<'write @prompt(), with its parentheses'>;
export function prompt(options: object = {}, ...bare: readonly unknown[]): unknown {
  if (bare.length > 0) return markBare('prompt', options, bare);
  return mark({ kind: 'prompt', options });
}

/**
 * Offers a method as a resource or, where the URI has variables, as a resource template (RFC 6570).
 * @param uri - Such as `customer://{customer_id}`; each variable is a parameter of the method, by name
 */
export function resource<const Uri extends string, Completed extends string = never>(
  uri: Uri,
  options: ResourceOptions<UriVariables<Uri> | Completed> = {},
): ResourceMark<Uri, Completed> {
  return mark({ kind: 'resource', options, uri });
}

/** The start tells it: an error here would be told as a stack, while the module loads. */
function markBare(decorator: 'tool' | 'prompt', first: unknown, [second, third]: readonly unknown[]): void {
  markMethod({ kind: 'bare', decorator }, first, second, third);
}

function mark(definition: Mark): (first: unknown, second: unknown, third?: unknown) => never {
  // a decorator returns nothing; the types of its result are what the compiler has to say
  return (first, second, third) => markMethod(definition, first, second, third) as never;
}
