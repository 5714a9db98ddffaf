import type {
  ClientCapabilities,
  CreateMessageRequestParams,
  CreateMessageResult,
  CreateMessageResultWithTools,
  ElicitRequestFormParams,
  Root,
} from '@modelcontextprotocol/server';

import type { Schema, SchemaOutput } from '../define/schema.ts';

/** A form written as the specification has it (client/elicitation, "Requested Schema"), such as with titled enums. */
export type RequestedSchema = ElicitRequestFormParams['requestedSchema'];

/** Options of a question. */
export interface QuestionOptions {
  /** Its name on the wire, unique within the method; by default questions are numbered in the order they are asked. */
  readonly key?: string;
}

/** What the user answered: the parsed data, or that there is none. */
export type ElicitResult<S extends Schema | RequestedSchema> =
  | { readonly action: 'accept'; readonly data: S extends Schema ? SchemaOutput<S> : Record<string, unknown> }
  | { readonly action: 'decline' | 'cancel' };

/** Who calls, as verified by the transport; on stdio it comes from configuration. */
export interface Auth {
  /** The principal: a user or a service account. */
  readonly subject: string;
  /** The OAuth client or API key that the call came through. */
  readonly client?: string;
  /** Scopes granted to this call. */
  readonly scopes: readonly string[];
  /** Every other verified claim. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The two protocol eras that are served: `2025` (up to 2025-11-25, sessions) and `2026` (2026-07-28, no sessions). */
export type Era = '2025' | '2026';

/** Writes one record for the operator (stderr) and, where the client asked for it, to the client. */
export type LogFunction = (message: string, data?: Readonly<Record<string, unknown>>) => void;

/** Announces changes to the clients that asked for them: subscriptions of 2026, sessions and stdio of 2025. */
export interface Notify {
  toolsChanged(): void;
  promptsChanged(): void;
  resourcesChanged(): void;
  /** @param uri - The resource whose content is another now */
  resourceUpdated(uri: string): void;
}

/**
 * What a tool, prompt or resource can reach besides its arguments. A method receives it wherever it declares a
 * parameter of this type; it is never part of the input schema. Its parts are made when they are asked for: a middleware
 * that wants another signal takes `withSignal`, not a spread.
 */
export interface Context {
  /** Records by severity. Never put secrets into `data`. */
  readonly log: Readonly<Record<'debug' | 'info' | 'warning' | 'error', LogFunction>>;
  /**
   * Tells a client that asked for it how far the call is.
   * @param progress - What is done so far; grows with every call
   * @param total - What `progress` will be at the end, if known
   * @param message - One line for a person
   */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /**
   * Asks the user, through the client, and waits for the answer; the same code serves both eras. The method is run
   * anew from its beginning when the answer is there, with the answers so far: put a side effect that comes before a
   * question into {@link step}.
   * @param message - What the user reads
   * @param schema - An object of texts, numbers, booleans and enums; the answer is parsed with it. A form in the
   *   specification's own words is sent as it is, and its answer is not checked
   * @throws ToolError `NO_ANSWER` after 8 answers that do not fit; `ELICITATION_UNSUPPORTED` when a client of 2025 cannot
   *   ask. A client of 2026 gets the protocol's error for it (-32021)
   */
  elicit<S extends Schema | RequestedSchema>(
    message: string,
    schema: S,
    options?: QuestionOptions,
  ): Promise<ElicitResult<S>>;
  /**
   * Asks the client's model, under the same rule as {@link elicit}. Sampling is deprecated in 2026-07-28 (SEP-2577).
   * @throws ToolError `SAMPLING_UNSUPPORTED` when a client of 2025 offers no model; -32021 in 2026
   */
  sample(
    parameters: CreateMessageRequestParams,
    options?: QuestionOptions,
  ): Promise<CreateMessageResult | CreateMessageResultWithTools>;
  /**
   * Asks the client for its roots, under the same rule as {@link elicit}. Roots are information, not access control,
   * and deprecated in 2026-07-28 (SEP-2577).
   * @throws ToolError `ROOTS_UNSUPPORTED` when a client of 2025 has none; -32021 in 2026
   */
  roots(options?: QuestionOptions): Promise<readonly Root[]>;
  /**
   * Runs `run` once for the whole chain of questions of a call; later runs of the method get its result, which has to
   * be JSON. All results together may hold about 6 KiB. It does not replace an idempotency key: a client may repeat
   * the call.
   * @param key - Unique within the method
   */
  step<T>(key: string, run: () => T | Promise<T>): Promise<T>;
  /**
   * Where the task of a tool with `detaches` begins: the client is answered, and the method is run anew from its
   * beginning as a task, with the answers and steps so far. In a task, and for clients without tasks, it does nothing.
   */
  detach(): Promise<void>;
  /**
   * Ends the stream that this call is answered on; a 2025 client over HTTP opens it again and gets what it missed.
   * For calls that take long behind proxies that cut streams (SEP-1699). Elsewhere it does nothing.
   */
  closeStream(): void;
  /** Tells clients that follow it what has changed: every one of them, not only the caller. */
  readonly notify: Notify;
  /** Fires when the client cancels, disconnects, or the server must stop. Hand it to whatever takes long. */
  readonly signal: AbortSignal;
  /** Who calls; undefined over HTTP without authentication. On stdio, whom the operator named; `local` by default. */
  readonly auth: Auth | undefined;
  /** The request that is being answered. */
  readonly request: {
    /** Of no other call of this process or another, and no secret; in every log record about it. */
    readonly id: string;
    readonly era: Era;
    /** HTTP headers; undefined on stdio. */
    readonly headers: Headers | undefined;
    /** The id of the JSON-RPC request, which the client chose. */
    readonly messageId: string | number;
    /** What the client sent beside the parameters, such as a trace context (`traceparent`); not verified. */
    readonly meta: Readonly<Record<string, unknown>>;
    /** Name and version that the client gives itself; not verified. */
    readonly client: { readonly name: string; readonly version: string } | undefined;
    /** What the client says that it can answer: `elicitation`, `sampling`, `roots`; empty where it says nothing. */
    readonly capabilities: Readonly<ClientCapabilities>;
  };
}
