import type { AuthInfo, McpRequestContext, McpServer, RequestId } from '@modelcontextprotocol/server';
import {
  isInitializeRequest,
  isJSONRPCNotification,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { DirectCall, Peer } from '../dispatch/direct-call.ts';
import { SmallSet } from '../dispatch/small-set.ts';
import { principalOf } from '../auth/principal.ts';
import { CODES, errorAnswer, idOf, requestedMethod } from './json-rpc-error.ts';
import { type ReplayLimits, ReplayStore } from './replay-store.ts';

/** How much the sessions of 2025 clients may hold. */
export interface SessionLimits {
  /** Sessions open at the same time. */
  readonly sessions: number;
  /** A session without an open connection ends after so many milliseconds without a request. */
  readonly idleMs: number;
  readonly replay: ReplayLimits;
}

interface Session {
  readonly server: McpServer;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** Who began it; nobody else may use it. */
  readonly principal: string;
  /** Answers and streams that are being sent. */
  open: number;
  /** Ids of the requests whose answers are being sent. */
  readonly unanswered: SmallSet<RequestId>;
  /** Calls that are being answered without the transport. */
  readonly direct: SmallSet<DirectCall>;
  lastUsed: number;
}

/** A session while a request is answered in it without its transport. */
export interface Visit extends Pick<Peer, 'client' | 'capabilities'> {
  /** The session knows the call until {@link leave}: it can be cancelled. */
  begun(call: DirectCall): void;
  leave(): void;
}

/** How long a client waits before it opens a broken stream again, in milliseconds. */
const RETRY_MS = 1_000;

const SESSION_HEADER = 'mcp-session-id';

/**
 * The sessions of 2025 clients over HTTP (specification 2025-11-25, basic/transports, "Session Management"): one server
 * and one transport for each. A session holds nothing that a client could not have again by beginning a new one.
 */
export class Sessions {
  readonly #connect: (request: McpRequestContext) => McpServer;
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly #sessions = new Map<string, Session>();
  readonly #replay: ReplayStore;
  readonly #sweeper: NodeJS.Timeout;

  /** @param now - Milliseconds on a clock that only goes forward */
  constructor(connect: (request: McpRequestContext) => McpServer, limits: SessionLimits, now: () => number) {
    this.#connect = connect;
    this.#limits = limits;
    this.#now = now;
    this.#replay = new ReplayStore(limits.replay);
    this.#sweeper = setInterval(() => this.#endIdle(), limits.idleMs / 10).unref();
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#sessions.size;
  }

  /**
   * Answers a request of the 2025 era.
   * @param body - The parsed body of a POST
   */
  async handle(request: Request, body: unknown, authInfo: AuthInfo | undefined): Promise<Response> {
    const id = request.headers.get(SESSION_HEADER);
    if (id !== null) {
      const session = this.#sessions.get(id);
      if (!session || this.#isIdle(session) || session.principal !== principalOf(authInfo)) {
        return refusal(404, body, CODES.sessionNotFound, 'Session not found. Begin a new one with initialize.');
      }
      const cancelled = cancelledId(body);
      // The transport knows what to do about a cancelled call, once it has it.
      const call = cancelled === undefined ? undefined : [...session.direct].find((each) => each.id === cancelled);
      await call?.reach().catch(() => undefined);
      return await this.#forward(session, request, body, authInfo);
    }
    if (request.method !== 'POST' || !isInitializeRequest(body)) {
      return refusal(
        400,
        body,
        CODES.refused,
        'The Mcp-Session-Id header is missing. Begin a session with initialize.',
      );
    }
    this.#endIdle();
    if (this.#sessions.size >= this.#limits.sessions) {
      return refusal(503, body, CODES.refused, 'Too many sessions are open. Try again in a minute.', {
        'retry-after': '60',
      });
    }
    return await this.#begin(request, body, authInfo);
  }

  /** Lets a request be answered without the transport; undefined when the transport has to judge it. */
  enter(headers: IncomingHttpHeaders, id: RequestId, authInfo: AuthInfo | undefined): Visit | undefined {
    const session = this.#sessions.get(String(headers[SESSION_HEADER]));
    if (!session || this.#isIdle(session) || session.principal !== principalOf(authInfo)) return undefined;
    const { server } = session.server;
    const negotiated = server.getNegotiatedProtocolVersion();
    const named = headers['mcp-protocol-version'] ?? negotiated;
    if (negotiated === undefined || named !== negotiated || session.unanswered.has(id)) return undefined;
    session.open += 1;
    session.unanswered.add(id);
    let begun: DirectCall | undefined;
    return {
      client: server.getClientVersion(),
      capabilities: server.getClientCapabilities(),
      begun: (call) => session.direct.add((begun = call)),
      leave: () => {
        session.open -= 1;
        session.unanswered.delete(id);
        if (begun) session.direct.delete(begun);
        session.lastUsed = this.#now();
      },
    };
  }

  /** Ends every session; the signals of its calls fire. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#sessions.values()].map(({ server }) => server.close()));
  }

  async #begin(request: Request, body: unknown, authInfo: AuthInfo | undefined): Promise<Response> {
    const id = randomBytes(16).toString('base64url');
    const events = this.#replay.session();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      eventStore: events,
      retryInterval: RETRY_MS,
    });
    // Called for every end of a session: DELETE, idleness, shutdown.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport is no EventTarget
    transport.onclose = () => {
      this.#sessions.delete(id);
      events.clear();
      for (const { call } of session.direct) call.abort(new Error('The session has ended.'));
    };
    const server = this.#connect({ era: 'legacy', requestInfo: request, ...(authInfo && { authInfo }) });
    const session: Session = {
      server,
      transport,
      principal: principalOf(authInfo),
      open: 0,
      unanswered: new SmallSet(),
      direct: new SmallSet(),
      lastUsed: this.#now(),
    };
    this.#sessions.set(id, session);
    try {
      await server.connect(transport);
      const response = await this.#forward(session, request, body, authInfo);
      if (!response.ok) await server.close();
      return response;
    } catch (error) {
      this.#sessions.delete(id);
      throw error;
    }
  }

  async #forward(session: Session, request: Request, body: unknown, authInfo: AuthInfo | undefined): Promise<Response> {
    const id = requestedMethod(body) === undefined ? null : idOf(body);
    if (id !== null) {
      // The SDK would send the answer of the first request to the second.
      if (session.unanswered.has(id)) {
        return refusal(400, body, CODES.invalidRequest, 'The id belongs to a request that is not answered yet.');
      }
      session.unanswered.add(id);
    }
    session.open += 1;
    const response = await session.transport.handleRequest(request, {
      ...(body !== undefined && { parsedBody: body }),
      ...(authInfo && { authInfo }),
    });
    // A client that goes away closes its stream at once, not with the next event: it may want to open it again.
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    if (request.method === 'GET' && response.body) openAtOnce(writable);
    const sent = response.body?.pipeTo(writable, { signal: request.signal }) ?? Promise.resolve();
    void Promise.allSettled([sent]).then(() => {
      session.open -= 1;
      if (id !== null) session.unanswered.delete(id);
      session.lastUsed = this.#now();
    });
    return new Response(response.body && readable, { status: response.status, headers: response.headers });
  }

  #isIdle({ open, lastUsed }: Session): boolean {
    return open === 0 && this.#now() - lastUsed > this.#limits.idleMs;
  }

  #endIdle(): void {
    for (const session of this.#sessions.values()) {
      if (this.#isIdle(session)) void session.server.close();
    }
  }
}

/** Node sends the head of an answer with its first bytes: without any, a client waits 15 s for its stream to open. */
function openAtOnce(stream: WritableStream<Uint8Array>): void {
  const writer = stream.getWriter();
  void writer.write(new TextEncoder().encode(': open\n\n')).catch(() => undefined);
  writer.releaseLock();
}

/** The request that a notification cancels. */
function cancelledId(body: unknown): RequestId | undefined {
  if (!isJSONRPCNotification(body) || body.method !== 'notifications/cancelled') return undefined;
  return (body.params as { requestId?: RequestId } | undefined)?.requestId;
}

function refusal(
  status: number,
  body: unknown,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json(errorAnswer(idOf(body), code, message), { status, headers });
}
