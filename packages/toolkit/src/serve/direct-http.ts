import type { AuthInfo } from '@modelcontextprotocol/server';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import type { Adopt, DirectCall } from '../dispatch/direct-call.ts';
import type { Direct } from '../dispatch/direct.ts';
import { clientOf, plainRequest, type PlainRequest, REVISION_2026 } from './plain-request.ts';
import type { Sessions } from './sessions.ts';

/** A call of 2025 that takes longer, in milliseconds, goes on in the SDK's stream, which a client can resume. */
const LONG_CALL_MS = 100;

/** Answers a request as the SDK does. */
export type AnswerBySdk = (
  request: IncomingMessage,
  response: ServerResponse,
  caller: AuthInfo | undefined,
  message?: unknown,
) => Promise<void>;

/** The requests over HTTP that {@link Direct} answers. */
export class DirectHttp {
  readonly #direct: Direct;
  readonly #sessions: Sessions;
  readonly #answerBySdk: AnswerBySdk;
  /** Calls that were handed over, by the message and then by the `Request` that the SDK gets. */
  readonly #handedOver = new WeakMap<object, DirectCall>();

  constructor(direct: Direct, sessions: Sessions, answerBySdk: AnswerBySdk) {
    this.#direct = direct;
    this.#sessions = sessions;
    this.#answerBySdk = answerBySdk;
  }

  /** The SDK gets a message as this request. */
  follow(message: unknown, request: Request): void {
    const call = typeof message === 'object' && message !== null ? this.#handedOver.get(message) : undefined;
    if (call) this.#handedOver.set(request, call);
  }

  /** Finds a call that was handed over, once. */
  readonly adopt: Adopt = ({ http }) => {
    const request = http?.req;
    const call = request && this.#handedOver.get(request);
    if (call) this.#handedOver.delete(request);
    return call;
  };

  /** Answers a POST; false when it is the SDK's to answer. */
  answer(request: IncomingMessage, response: ServerResponse, caller: AuthInfo | undefined, message: object): boolean {
    const { headers } = request;
    if (headers['content-type'] !== 'application/json') return false;
    const plain = plainRequest(message);
    if (!plain) return false;
    return plain.era === '2026'
      ? headersAgree(headers, plain) && this.#answer2026(request, response, caller, message, plain)
      : this.#answer2025(request, response, caller, message, plain);
  }

  #answer2026(
    request: IncomingMessage,
    response: ServerResponse,
    caller: AuthInfo | undefined,
    message: object,
    plain: PlainRequest,
  ): boolean {
    if (plain.method === 'tools/list') return writeIfAny(response, this.#direct.list(plain.id, plain.era, caller));
    const peer = { ...clientOf(plain), authInfo: caller, headers: () => webHeaders(request.headers) };
    const call = this.#direct.begin(plain, peer, {
      answer: (text) => write(response, text),
      handOver: (begun) => this.#handOver(request, response, caller, message, begun),
    });
    if (!call) return false;
    response.once('close', () => {
      if (!response.writableFinished) call.call.abort(new DOMException('The client is gone.', 'AbortError'));
    });
    return true;
  }

  #answer2025(
    request: IncomingMessage,
    response: ServerResponse,
    caller: AuthInfo | undefined,
    message: object,
    plain: PlainRequest,
  ): boolean {
    if (!prefersJson(request.headers.accept)) return false;
    const session = this.#sessions.enter(request.headers, plain.id, caller);
    if (!session) return false;
    if (plain.method === 'tools/list') {
      session.leave();
      return writeIfAny(response, this.#direct.list(plain.id, plain.era, caller));
    }
    let long: NodeJS.Timeout | undefined;
    const leave = (): void => {
      clearTimeout(long);
      session.leave();
    };
    const { client, capabilities } = session;
    const call = this.#direct.begin(
      plain,
      { client, capabilities, authInfo: caller, headers: () => webHeaders(request.headers) },
      {
        answer: (text) => {
          leave();
          write(response, text);
        },
        handOver: (begun) => {
          leave();
          return this.#handOver(request, response, caller, message, begun);
        },
      },
    );
    if (!call) {
      leave();
      return false;
    }
    long = setTimeout(() => void call.reach().catch(() => undefined), LONG_CALL_MS);
    session.begun(call);
    return true;
  }

  #handOver(
    request: IncomingMessage,
    response: ServerResponse,
    caller: AuthInfo | undefined,
    message: object,
    call: DirectCall,
  ): Promise<void> {
    this.#handedOver.set(message, call);
    return this.#answerBySdk(request, response, caller, message);
  }
}

/** Whether the headers say the same as the message (SEP-2243), word for word. */
function headersAgree(headers: IncomingHttpHeaders, { method, name }: PlainRequest): boolean {
  return (
    headers['mcp-protocol-version'] === REVISION_2026 &&
    headers['mcp-method'] === method &&
    (method === 'tools/list' || headers['mcp-name'] === name)
  );
}

/** A client of 2025 has to accept both; the one that names event streams first gets one. */
function prefersJson(accept: string | undefined): boolean {
  const json = accept?.indexOf('application/json') ?? -1;
  return json !== -1 && accept?.indexOf('text/event-stream', json) !== -1;
}

function webHeaders(headers: IncomingHttpHeaders): Headers {
  const web = new Headers();
  for (const [name, value] of Object.entries(headers)) for (const each of [value ?? []].flat()) web.append(name, each);
  return web;
}

function writeIfAny(response: ServerResponse, text: string | undefined): boolean {
  if (text === undefined) return false;
  write(response, text);
  return true;
}

function write(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
