import type { Call } from '../dispatch/calls.ts';
import type { Auth, Context, LogFunction, Notify } from './context.ts';
import type { Exchange } from './exchange.ts';
import type { Severity, WriteLog } from './log.ts';
import { createQuestions, type Questions } from './questions.ts';
import { nextRequestId } from './request-id.ts';
import { Detachment } from './detachment.ts';
import type { StateSealer } from './sealed-state.ts';

/** What a context is made of. */
export interface ContextSource {
  readonly exchange: Exchange;
  readonly call: Call;
  readonly auth: Auth | undefined;
  /** Name and arguments: what the state of a question is bound to, besides the method and the principal. */
  readonly subject: unknown;
  readonly shared: SharedSource;
  /** `detach` makes a task of the call. */
  readonly detaches?: boolean | undefined;
}

/** What the contexts of all calls share. */
export interface SharedSource {
  readonly writeLog: WriteLog;
  readonly sealer: Pick<StateSealer, 'seal' | 'open'>;
  readonly notify: Notify;
}

/** The {@link Context} of one call. */
export function createContext(source: ContextSource): Context {
  return new CallContext(source);
}

/**
 * The same context with another signal, such as one that fires earlier. A spread would not do: the parts of a context
 * are made when they are asked for.
 */
export function withSignal(context: Context, signal: AbortSignal): Context {
  return new Proxy(context, { get: (of, name) => (name === 'signal' ? signal : Reflect.get(of, name)) });
}

/**
 * Most calls use nothing of their context: its parts are made when they are asked for, and need no `this`. A class,
 * because object literals with getters leave a hidden class each behind, which only a full collection clears away.
 */
class CallContext implements Context {
  readonly #source: ContextSource;
  #request: CallRequest | undefined;
  #questions: Questions | undefined;

  constructor(source: ContextSource) {
    this.#source = source;
    // a state that is not ours is refused, whatever the handler does
    if (source.exchange.requestState !== undefined) this.#questions = this.#ask();
  }

  get log(): Context['log'] {
    const { exchange, shared } = this.#source;
    const at =
      (severity: Severity): LogFunction =>
      (message, data) => {
        shared.writeLog(severity, message, { ...data, request: this.request.id });
        if (exchange.wantsLog) void sendLog(exchange, severity, data ? { message, ...data } : message);
      };
    return { debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error') };
  }

  get progress(): Context['progress'] {
    return (progress, total, message) => sendProgress(this.#source.exchange, progress, total, message);
  }

  get closeStream(): Context['closeStream'] {
    return () => void closeStream(this.#source.exchange);
  }

  get notify(): Notify {
    return this.#source.shared.notify;
  }

  get signal(): AbortSignal {
    return this.#source.call.signal;
  }

  get auth(): Auth | undefined {
    return this.#source.auth;
  }

  get elicit(): Context['elicit'] {
    return this.#ask().elicit;
  }

  get sample(): Context['sample'] {
    return this.#ask().sample;
  }

  get roots(): Context['roots'] {
    return this.#ask().roots;
  }

  get step(): Context['step'] {
    return this.#ask().step;
  }

  get detach(): Context['detach'] {
    const { detaches } = this.#source;
    return detaches === true ? () => Promise.reject(new Detachment(this.#ask().kept())) : () => Promise.resolve();
  }

  get request(): Context['request'] {
    return (this.#request ??= new CallRequest(this.#source.exchange));
  }

  #ask(): Questions {
    const { exchange, subject, shared } = this.#source;
    const binding = `${this.auth?.subject ?? ''}\n${JSON.stringify([exchange.method, subject])}`;
    return (this.#questions ??= createQuestions({ exchange, sealer: shared.sealer, binding }));
  }
}

/** Of the request too, parts are made when they are asked for: headers and metadata cost more than the rest of a call. */
class CallRequest {
  readonly #exchange: Exchange;
  #id: string | undefined;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get id(): string {
    return (this.#id ??= nextRequestId());
  }

  get messageId(): Exchange['id'] {
    return this.#exchange.id;
  }

  get era(): Exchange['era'] {
    return this.#exchange.era;
  }

  get headers(): Exchange['headers'] {
    return this.#exchange.headers;
  }

  get meta(): Exchange['meta'] {
    return this.#exchange.meta;
  }

  get client(): Context['request']['client'] {
    const { client } = this.#exchange;
    return client && { name: client.name, version: client.version };
  }

  get capabilities(): Context['request']['capabilities'] {
    return this.#exchange.capabilities ?? {};
  }
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
  const { progressToken, tell } = exchange;
  if (tell) return tell(message ?? (total === undefined ? String(progress) : `${progress} of ${total}`));
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
