import type { Context } from '../context/context.ts';
import type { AccessOptions } from './access.ts';
import type { ResourceView, ToolView } from './apps.ts';
import type { AskingOptions } from './asking.ts';
import type { CacheOptions } from './caching.ts';
import type { Annotations, PresentationOptions } from './presentation.ts';

/** A value or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Hints of the specification (server/tools, ToolAnnotations) and what else a tool may say of itself.
 * @typeParam Result - What `text` gets: the result as its schema made it
 * @typeParam Input - What `confirm` gets: the arguments as their schema made them
 */
export interface ToolOptions<Result = never, Input = never> extends AccessOptions, AskingOptions, PresentationOptions {
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
  /**
   * The call goes on after its answer, as a task that the client asks for again (SEP-2663): `optional` where the client
   * knows tasks, and else while it waits; `required` for those clients only. See `docs/tasks.md`.
   */
  readonly task?: 'optional' | 'required';
  /**
   * The method asks its user in the call itself, and the task begins where it awaits `context.detach()`. Without this the
   * call is a task from its beginning, and its questions wait in the task.
   */
  readonly detaches?: true;
  /** What a host with MCP Apps shows the result in: the URI of a resource of this server. */
  readonly ui?: ToolView;
}

/**
 * Options of a prompt.
 * @typeParam Argument - The names of its arguments, where the compiler knows them
 */
export interface PromptOptions<Argument extends string = string>
  extends AccessOptions, AskingOptions, PresentationOptions {
  /** Suggestions for an argument, by its name; literal unions are suggested without this. */
  readonly complete?: { readonly [Name in Argument]?: Complete };
}

/**
 * Options of a resource.
 * @typeParam Variable - The names of the variables of its URI
 */
export interface ResourceOptions<Variable extends string = string>
  extends AccessOptions, AskingOptions, PresentationOptions {
  /** Default: `application/json` for objects, `text/plain` for text, that of MCP Apps for a `ui://` URI. */
  readonly mimeType?: string;
  /** For whom it is, and how much it matters. */
  readonly annotations?: Annotations;
  /** Bytes, where they are known beforehand. */
  readonly size?: number;
  /** How long clients may keep what they have read. */
  readonly cache?: CacheOptions;
  /** Of a `ui://` resource: what the view asks of the host that shows it. */
  readonly ui?: ResourceView;
  /** Suggestions for a variable of the URI template, by its name. */
  readonly complete?: { readonly [Name in Variable]?: Complete };
  /** Resources of the template that clients are shown in a list; `this` is the instance of the class. */
  readonly list?: (context: Context) => Awaitable<readonly ListedResource[]>;
}

/** One resource of a template, as clients list it. */
export interface ListedResource extends PresentationOptions {
  readonly uri: string;
  readonly name: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly annotations?: Annotations;
  /** Bytes. */
  readonly size?: number;
}

/**
 * Values that begin like what the user typed; at most 100 are sent. `this` is the instance of the class.
 * @param filled - The other arguments that the user has filled in already, where the client tells them
 */
export type Complete = (
  value: string,
  context: Context,
  filled: Readonly<Record<string, string>>,
) => Awaitable<readonly string[]>;
