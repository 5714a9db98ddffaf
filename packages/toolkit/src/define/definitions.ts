import type { Context } from '../context/context.ts';
import type { AccessOptions } from './access.ts';

/** A value or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Hints of the specification (server/tools, ToolAnnotations) and what else a tool may say of itself.
 * @typeParam Result - What `text` gets: the result as its schema made it
 * @typeParam Input - What `confirm` gets: the arguments as their schema made them
 */
export interface ToolOptions<Result = never, Input = never> extends AccessOptions {
  /** Shown to people instead of the name. */
  readonly title?: string;
  /** Changes nothing. */
  readonly readOnly?: boolean;
  /** May delete or overwrite. */
  readonly destructive?: boolean;
  /** Repeating the call with the same arguments changes nothing more. */
  readonly idempotent?: boolean;
  /** Reaches systems outside this server's own. */
  readonly openWorld?: boolean;
  /**
   * The text beside structured content, which a model pays for a second time: `json` (the default) repeats it, as
   * clients from before 2025-06-18 need it; `none` leaves it out; a function writes what a person would read.
   */
  readonly text?: 'json' | 'none' | ((result: Result) => string);
  /**
   * Asks the user before the method runs: a question with `{argument}` where its value goes, or a function of the
   * arguments. Without a yes the model gets `DECLINED`; a client that cannot ask its user cannot call the tool.
   */
  readonly confirm?: string | ((input: Input) => string);
}

/** Options of a prompt. */
export interface PromptOptions extends AccessOptions {
  /** Shown to people instead of the name. */
  readonly title?: string;
  /** Suggestions for an argument, by its name; literal unions are suggested without this. */
  readonly complete?: Readonly<Record<string, Complete>>;
}

/**
 * Options of a resource.
 * @typeParam Variable - The variables of its URI that have suggestions
 */
export interface ResourceOptions<Variable extends string = string> extends AccessOptions {
  /** Shown to people instead of the name. */
  readonly title?: string;
  /** Default: `application/json` for objects, `text/plain` for text. */
  readonly mimeType?: string;
  /** Suggestions for a variable of the URI template, by its name. */
  readonly complete?: Readonly<Record<Variable, Complete>>;
  /** Resources of the template that clients are shown in a list; `this` is the instance of the class. */
  readonly list?: (context: Context) => Awaitable<readonly ListedResource[]>;
}

/** One resource of a template, as clients list it. */
export interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  /** Bytes. */
  readonly size?: number;
}

/** Values that begin like what the user typed; at most 100 are sent. `this` is the instance of the class. */
export type Complete = (value: string, context: Context) => Awaitable<readonly string[]>;
