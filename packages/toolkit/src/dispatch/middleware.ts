import type { CallToolResult, CompleteResult, GetPromptResult, ReadResourceResult } from '@modelcontextprotocol/server';

import type { Auth, Context } from '../context/context.ts';
import type { Values } from '../surface/definition.ts';
import type { JsonSchema } from '../surface/surface.ts';

/** What each method that middleware sees answers with, in the protocol's own shape. */
export interface Answers {
  'tools/call': CallToolResult;
  'prompts/get': GetPromptResult;
  'resources/read': ReadResourceResult;
  'completion/complete': CompleteResult;
}

/** The methods that middleware sees: those that run code of the server. */
export type CallMethod = keyof Answers;

/** What the server says of the tool, prompt or resource that is called. */
export interface CalledDefinition {
  readonly kind: 'tool' | 'prompt' | 'resource';
  readonly name: string;
  /** Of a resource: its URI, or its template. */
  readonly uri: string | undefined;
  /** Changes nothing; undefined where a tool does not say. Always true of prompts and resources. */
  readonly readOnly: boolean | undefined;
  readonly destructive: boolean | undefined;
  readonly idempotent: boolean | undefined;
  readonly openWorld: boolean | undefined;
  /** What structured content has to fit. */
  readonly outputSchema: JsonSchema | undefined;
}

/** How a call that was thrown out of ended, as the client will be told. */
export interface Failure {
  /** `input_required`: nothing failed, the call waits for an answer of the user and is made anew with it. */
  readonly outcome: 'error' | 'cancelled' | 'input_required';
  /** Such as `NOT_FOUND`; `INTERNAL` for what is masked. */
  readonly code: string;
  /** Of the JSON-RPC error; undefined where the failure is a tool result with `isError`. */
  readonly jsonRpcCode: number | undefined;
}

/** One call on its way to a definition that exists. */
export interface Call<M extends CallMethod = CallMethod> {
  readonly method: M;
  /** The name of the definition: one of the server's own, never text of the client. */
  readonly name: string;
  /** The URI that a client wants to read; of the other methods undefined. */
  readonly uri: string | undefined;
  /** As the client sent them: not validated yet. Of a completion: what was typed, by the name of the argument. */
  readonly arguments: Values;
  readonly context: Context;
  readonly definition: CalledDefinition;
  /** What the client will be told of anything that `next` threw. */
  failureOf(error: unknown): Failure;
}

/** What a middleware may change for those after it and for the handler. */
export interface CallChanges {
  /** Validated like the client's own. */
  readonly arguments?: Values;
  readonly context?: Context;
}

/** Goes on with the call: validates the arguments, calls, validates the result. Rejects with what was thrown. */
export type Next<M extends CallMethod = CallMethod> = (changes?: CallChanges) => Promise<Answers[M]>;

/**
 * Stands around every call. It may look at the call and its result, change the arguments, answer without calling
 * `next`, or throw a `ToolError`, which the client is told. What `next` throws it must throw on, unless it makes an
 * answer of it: a question to the user is thrown too (`failureOf(error).outcome` is then `input_required`).
 */
export interface Middleware {
  <M extends CallMethod>(call: Call<M>, next: Next<M>): Promise<Answers[M]>;
  /** Is told of the requests that it never sees, since the caller lacks the scopes; it cannot change that. */
  readonly refused?: (refusal: Refusal) => void | Promise<void>;
}

/** A request that was refused before any middleware saw it. */
export interface Refusal {
  /** Also of methods that are no calls, such as `resources/subscribe`. */
  readonly method: string;
  /** The name of the definition: one of the server's own, never text of the client. */
  readonly name: string;
  readonly uri: string | undefined;
  /** As the client sent them. */
  readonly arguments: Values;
  readonly auth: Auth | undefined;
  readonly request: {
    readonly id: string;
    /** Name and version that the client gives itself; not verified. */
    readonly client: { readonly name: string; readonly version: string } | undefined;
  };
  readonly code: 'INSUFFICIENT_SCOPE';
  /** What the request needed, all of them. */
  readonly scopes: readonly string[];
}

/** Middleware for some methods only, each with the exact type of its result. */
export type MethodMiddleware = ByMethod & Pick<Middleware, 'refused'>;

type ByMethod = {
  readonly [M in CallMethod]?: (call: Call<M>, next: Next<M>) => Promise<Answers[M]>;
};

/** The middleware of one method, outermost first. */
export type Chain<M extends CallMethod> = readonly ((call: Call<M>, next: Next<M>) => Promise<Answers[M]>)[];

/** The middleware of each method. */
export type Chains = { readonly [M in CallMethod]: Chain<M> };

/** Sorts middleware by the methods that it sees. */
export function chainsOf(middleware: readonly (Middleware | MethodMiddleware)[]): Chains {
  return {
    'tools/call': chainOf('tools/call', middleware),
    'prompts/get': chainOf('prompts/get', middleware),
    'resources/read': chainOf('resources/read', middleware),
    'completion/complete': chainOf('completion/complete', middleware),
  };
}

function chainOf<M extends CallMethod>(method: M, used: readonly (Middleware | MethodMiddleware)[]): Chain<M> {
  return used
    .map((each): Chain<M>[number] | undefined => (typeof each === 'function' ? each : (each as ByMethod)[method]))
    .filter((each) => each !== undefined);
}

/** Runs a call through the chain; `answer` is what is inside of it. */
export async function runChain<M extends CallMethod>(
  chain: Chain<M>,
  call: Call<M>,
  answer: (given: Values, context: Context) => Promise<Answers[M]>,
): Promise<Answers[M]> {
  const next = (index: number, current: Call<M>): Promise<Answers[M]> => {
    const middleware = chain[index];
    if (!middleware) return answer(current.arguments, current.context);
    return middleware(current, (changes) => next(index + 1, changes ? { ...current, ...changes } : current));
  };
  const result = await next(0, call);
  if (typeof result !== 'object') throw new TypeError(`a middleware answered ${call.method} with no result`);
  return result;
}
