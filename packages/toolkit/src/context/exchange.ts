import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  type ClientCapabilities,
  type Implementation,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

import type { Era } from './context.ts';

/** One request, as its context sees it, whoever has read it from the wire. */
export interface Exchange {
  /** Of the JSON-RPC message. */
  readonly id: string | number;
  readonly era: Era;
  readonly method: string;
  /** `_meta` of the request, without the envelope of 2026. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** Name and version that the client gives itself. */
  readonly client: Implementation | undefined;
  readonly capabilities: ClientCapabilities | undefined;
  readonly headers: Headers | undefined;
  /** What the client will know the progress by, if it wants to know it. */
  readonly progressToken: string | number | undefined;
  /** Whether the client may want records of the log. */
  readonly wantsLog: boolean;
  /** The answers to the questions of the run before. */
  readonly inputResponses: ServerContext['mcpReq']['inputResponses'];
  readonly requestState: unknown;
  /** Takes the messages of progress where nobody waits for an answer: in a task. */
  readonly tell?: (message: string) => void;
  /** The SDK's view of the request: the one way to reach the client before the answer. */
  reach(): ServerContext | Promise<ServerContext>;
}

/** The exchange of a request that the SDK has read. */
export function sdkExchange({ server }: McpServer, era: Era, request: ServerContext): Exchange {
  const { mcpReq, http } = request;
  const envelope: Readonly<Record<string, unknown>> | undefined = mcpReq.envelope;
  return {
    id: mcpReq.id,
    era,
    method: mcpReq.method,
    meta: mcpReq._meta ?? {},
    client: (envelope?.[CLIENT_INFO_META_KEY] as Implementation | undefined) ?? server.getClientVersion(),
    capabilities:
      (envelope?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined) ?? server.getClientCapabilities(),
    headers: http?.req?.headers,
    progressToken: mcpReq._meta?.progressToken,
    wantsLog: wantsLog(era, envelope),
    inputResponses: mcpReq.inputResponses,
    requestState: mcpReq.requestState(),
    reach: () => request,
  };
}

/** Clients of 2026 ask for the log with each request, to those of 2025 the SDK sends what is at their level. */
export function wantsLog(era: Era, meta: Readonly<Record<string, unknown>> | undefined): boolean {
  return era === '2025' || meta?.[LOG_LEVEL_META_KEY] !== undefined;
}
