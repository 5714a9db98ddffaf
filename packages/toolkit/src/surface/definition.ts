import type { Home } from '../compose/part.ts';
import type { Context } from '../context/context.ts';
import type { AccessOptions } from '../define/access.ts';
import type { PromptOptions, ResourceOptions, ToolOptions } from '../define/definitions.ts';
import type { PreparedSchema } from './prepared-schema.ts';
import type { CallSurface, Class } from './surface.ts';

/** The arguments of a call, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** One tool, prompt or resource, whether it came from a decorator or from the functional form. */
export interface Definition {
  readonly name: string;
  readonly description: string | undefined;
  readonly input: PreparedSchema;
  readonly output: PreparedSchema | undefined;
  /** The class whose instance `call` needs; undefined in the functional form. */
  readonly owner: Class | undefined;
  /** What was inferred of its method; undefined in the functional form. */
  readonly inferred?: CallSurface;
  readonly options: AccessOptions;
  /** The server that it was mounted from; undefined for the server's own. */
  readonly home?: Home;
  /** Calls the method or function with arguments that the input schema has accepted. */
  call(instance: object | undefined, values: Values, context: Context): unknown;
}

/** A tool. */
export interface ToolDefinition extends Definition {
  readonly options: ToolOptions;
}

/** A prompt. */
export interface PromptDefinition extends Definition {
  readonly options: PromptOptions;
}

/** A resource or a resource template. */
export interface ResourceDefinition extends Definition {
  readonly uri: string;
  readonly options: ResourceOptions;
}

/** Everything that one server offers, in the order in which it is listed. */
export interface Definitions {
  readonly tools: ReadonlyMap<string, ToolDefinition>;
  readonly prompts: ReadonlyMap<string, PromptDefinition>;
  readonly resources: ReadonlyMap<string, ResourceDefinition>;
}
