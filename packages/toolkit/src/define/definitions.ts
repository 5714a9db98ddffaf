import type { Context } from '../context/context.ts';

/** A value or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** Hints of the specification (server/tools, ToolAnnotations) and what else a tool may say of itself. */
export interface ToolOptions {
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
}

/** Options of a prompt. */
export interface PromptOptions {
  /** Shown to people instead of the name. */
  readonly title?: string;
  /** Suggestions for an argument, by its name; literal unions are suggested without this. */
  readonly complete?: Readonly<Record<string, Complete>>;
}

/** Options of a resource. */
export interface ResourceOptions {
  /** Shown to people instead of the name. */
  readonly title?: string;
  /** Default: `application/json` for objects, `text/plain` for text. */
  readonly mimeType?: string;
  /** Suggestions for a variable of the URI template, by its name. */
  readonly complete?: Readonly<Record<string, Complete>>;
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
