import { CLIENT_INFO_META_KEY, type Implementation, type JSONRPCRequest } from '@modelcontextprotocol/server';

import type { Auth } from '../context/context.ts';
import { nextRequestId } from '../context/request-id.ts';
import type { Definition, Values } from '../surface/definition.ts';
import type { MethodMiddleware, Middleware, Refusal } from './middleware.ts';

/** A request that was refused before anything of a call was made. */
export interface RefusedRequest {
  readonly request: JSONRPCRequest;
  readonly entry: Definition;
  readonly scopes: readonly string[];
  readonly auth: Auth | undefined;
  /** What is known of the client besides what the request says. */
  readonly client: Implementation | undefined;
  /** Of the call, if one was made. */
  readonly id?: string;
}

/** What middleware is told of it. */
export function refusalOf({ request, entry, scopes, auth, client, id = nextRequestId() }: RefusedRequest): Refusal {
  const { uri, arguments: given, argument, _meta } = (request.params ?? {}) as RequestParameters;
  const named = client ?? (_meta?.[CLIENT_INFO_META_KEY] as Implementation | undefined);
  return {
    method: request.method,
    name: entry.name,
    uri: typeof uri === 'string' ? uri : undefined,
    arguments: given ?? (argument ? { [argument.name]: argument.value } : {}),
    auth,
    request: { id, client: named && { name: named.name, version: named.version } },
    code: 'INSUFFICIENT_SCOPE',
    scopes,
  };
}

/** As far as the SDK has read them. */
interface RequestParameters {
  readonly uri?: unknown;
  readonly arguments?: Values;
  readonly argument?: { readonly name: string; readonly value: unknown };
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** Tells all who want to know; resolves when they are done. */
export async function tellRefusal(
  middleware: readonly (Middleware | MethodMiddleware)[],
  refusal: Refusal,
): Promise<void> {
  for (const each of middleware) await each.refused?.(refusal);
}
