import type { Context } from '../context/context.ts';
import type { Awaitable, PromptOptions, ResourceOptions, ToolOptions } from './definitions.ts';
import type { PromptResult } from './results.ts';
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts';
import type { UriVariables } from './uri-variables.ts';

/** A tool without a class: its schemas are given, its arguments arrive as one object. */
export interface FunctionTool<Input extends Schema, Output extends Schema> extends ToolOptions<
  SchemaOutput<Output>,
  SchemaOutput<Input>
> {
  /** What the model reads to decide when to call it. */
  readonly description: string;
  /** The arguments object. */
  readonly input: Input;
  /** What the handler returns; without it the result is text. */
  readonly output?: Output;
}

/** A prompt without a class. */
export interface FunctionPrompt<Input extends Schema> extends PromptOptions<keyof SchemaInput<Input> & string> {
  readonly description: string;
  /** The arguments object; every property is a string on the wire. Without it the prompt takes none. */
  readonly input?: Input;
}

/** A resource without a class. */
export interface FunctionResource<Variable extends string = string> extends ResourceOptions<Variable> {
  /** The name it is listed under. */
  readonly name: string;
  readonly description: string;
}

/** Answers a tool call of the functional form. */
export type ToolHandler<Input extends Schema, Output extends Schema> = (
  input: SchemaOutput<Input>,
  context: Context,
) => Awaitable<Schema extends Output ? unknown : SchemaInput<Output>>;

/** Answers a prompt request of the functional form. */
export type PromptHandler<Input extends Schema> = (
  input: Schema extends Input ? Readonly<Record<string, never>> : SchemaOutput<Input>,
  context: Context,
) => Awaitable<PromptResult>;

/** Reads a resource of the functional form. */
export type ResourceHandler<Uri extends string> = (
  variables: Readonly<Record<UriVariables<Uri>, string>>,
  context: Context,
) => unknown;
