import {
  CLIENT_INFO_META_KEY,
  type Implementation,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

import type { Auth, Context, Era, LogFunction, Notify } from './context.ts';
import type { Severity, WriteLog } from './log.ts';
import { createQuestions } from './questions.ts';
import type { StateSealer } from './sealed-state.ts';

/** What a context is made of: the SDK's view of one request. */
export interface ContextSource {
  readonly id: string;
  readonly era: Era;
  readonly server: McpServer;
  readonly request: ServerContext;
  readonly signal: AbortSignal;
  readonly auth: Auth | undefined;
  readonly writeLog: WriteLog;
  readonly sealer: StateSealer;
  readonly notify: Notify;
  /** What the state of a question is bound to, besides the principal. */
  readonly binding: string;
}

/** The {@link Context} of one call. */
export function createContext(source: ContextSource): Context {
  const { id, era, server, request, signal, auth, writeLog } = source;
  const binding = `${auth?.subject ?? ''}\n${source.binding}`;
  const log =
    (severity: Severity): LogFunction =>
    (message, data) => {
      writeLog(severity, message, { ...data, request: id });
      // a client that is gone or did not ask for logs is no reason to fail the call
      request.mcpReq.log(severity, data ? { message, ...data } : message).catch(() => {});
    };
  return {
    log: { debug: log('debug'), info: log('info'), warning: log('warning'), error: log('error') },
    async progress(progress, total, message) {
      const progressToken = request.mcpReq._meta?.progressToken;
      if (progressToken === undefined) return;
      const params = { progressToken, progress, ...(total !== undefined && { total }), ...(message && { message }) };
      await request.mcpReq.notify({ method: 'notifications/progress', params });
    },
    closeStream: () => request.http?.closeSSE?.(),
    notify: source.notify,
    signal,
    auth,
    ...createQuestions({ server, request, sealer: source.sealer, binding }),
    request: {
      id,
      messageId: request.mcpReq.id,
      era,
      headers: request.http?.req?.headers,
      meta: request.mcpReq._meta ?? {},
      client: clientOf(server, request),
    },
  };
}

function clientOf(server: McpServer, request: ServerContext): Context['request']['client'] {
  const envelope: Readonly<Record<string, unknown>> | undefined = request.mcpReq.envelope;
  const info = (envelope?.[CLIENT_INFO_META_KEY] as Implementation | undefined) ?? server.server.getClientVersion();
  return info && { name: info.name, version: info.version };
}
