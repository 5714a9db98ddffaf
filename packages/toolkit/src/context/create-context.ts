import { randomUUID } from 'node:crypto';

import type { AuthInfo } from '@modelcontextprotocol/server';

import type { Call } from '../dispatch/calls.ts';
import type { Auth, Context, LogFunction, Notify } from './context.ts';
import type { Exchange } from './exchange.ts';
import type { Severity, WriteLog } from './log.ts';
import { createQuestions, type Questions } from './questions.ts';
import type { StateSealer } from './sealed-state.ts';

/** What a context is made of. */
export interface ContextSource {
  readonly exchange: Exchange;
  readonly call: Call;
  /** Name and arguments: what the state of a question is bound to, besides the method and the principal. */
  readonly subject: unknown;
  readonly shared: SharedSource;
}

/** What the contexts of all calls share. */
export interface SharedSource {
  readonly writeLog: WriteLog;
  readonly sealer: StateSealer;
  readonly notify: Notify;
}

/** The {@link Context} of one call. Most calls use nothing of it: its parts are made when they are asked for. */
export function createContext({ exchange, call, subject, shared }: ContextSource): Context {
  let id: string | undefined;
  let log: Context['log'] | undefined;
  let auth: Auth | undefined;
  let questions: Questions | undefined;

  const ask = (): Questions => {
    const binding = `${context.auth?.subject ?? ''}\n${JSON.stringify([exchange.method, subject])}`;
    return (questions ??= createQuestions({ exchange, sealer: shared.sealer, binding }));
  };
  const logAt =
    (severity: Severity): LogFunction =>
    (message, data) => {
      shared.writeLog(severity, message, { ...data, request: context.request.id });
      if (exchange.wantsLog) void sendLog(exchange, severity, data ? { message, ...data } : message);
    };
  const context: Context = {
    get log() {
      return (log ??= { debug: logAt('debug'), info: logAt('info'), warning: logAt('warning'), error: logAt('error') });
    },
    progress: (progress, total, message) => sendProgress(exchange, progress, total, message),
    closeStream: () => void closeStream(exchange),
    notify: shared.notify,
    get signal() {
      return call.signal;
    },
    get auth() {
      return (auth ??= authOf(exchange.authInfo));
    },
    elicit: (message, schema, options) => ask().elicit(message, schema, options),
    sample: (parameters, options) => ask().sample(parameters, options),
    roots: (options) => ask().roots(options),
    step: (key, run) => ask().step(key, run),
    get request() {
      const { era, headers, client } = exchange;
      const named = client && { name: client.name, version: client.version };
      return { id: (id ??= randomUUID()), era, headers, client: named };
    },
  };
  if (exchange.requestState !== undefined) ask(); // a state that is not ours is refused, whatever the handler does
  return context;
}

/** A client that is gone or did not ask for logs is no reason to fail the call. */
async function sendLog(exchange: Exchange, severity: Severity, data: unknown): Promise<void> {
  try {
    const reached = exchange.reach();
    const { mcpReq } = reached instanceof Promise ? await reached : reached;
    await mcpReq.log(severity, data);
  } catch {}
}

async function sendProgress(exchange: Exchange, progress: number, total?: number, message?: string): Promise<void> {
  const { progressToken } = exchange;
  if (progressToken === undefined) return;
  const params = { progressToken, progress, ...(total !== undefined && { total }), ...(message && { message }) };
  const reached = exchange.reach();
  const { mcpReq } = reached instanceof Promise ? await reached : reached;
  await mcpReq.notify({ method: 'notifications/progress', params });
}

async function closeStream(exchange: Exchange): Promise<void> {
  try {
    const reached = exchange.reach();
    const { http } = reached instanceof Promise ? await reached : reached;
    http?.closeSSE?.();
  } catch {}
}

function authOf(info: AuthInfo | undefined): Auth | undefined {
  if (!info) return undefined;
  const claims = info.extra ?? {};
  const subject = typeof claims['sub'] === 'string' ? claims['sub'] : info.clientId;
  return { subject, client: info.clientId, scopes: info.scopes, claims };
}
