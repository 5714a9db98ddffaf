import { toNodeHandler } from '@modelcontextprotocol/node';
import type { AuthInfo } from '@modelcontextprotocol/server';
import { createMcpHandler, isLegacyRequest, preloadSchemas, ProtocolError } from '@modelcontextprotocol/server';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Authentication } from '../auth/authentication.ts';
import { allowedHostnames, isLoopback, type Bind } from './allowed-hosts.ts';
import { readBody } from './body.ts';
import { isTooDeep } from './depth.ts';
import { CrossOrigin } from './cross-origin.ts';
import { DirectHttp, type AnswerBySdk } from './direct-http.ts';
import { endGracefully, type Ending, type EndingLimits, type Service } from './ending.ts';
import type { Endpoint } from './endpoint.ts';
import { closeAtExpiry } from './expiry.ts';
import { withoutForbidden } from './followed.ts';
import { Guard } from './guards.ts';
import { Health } from './health.ts';
import { listenToTasks } from './http-task-listen.ts';
import { InFlight } from './in-flight.ts';
import { CODES, errorAnswer, idOf, requestedMethod, type AnswerId } from './json-rpc-error.ts';
import { listen } from './listen.ts';
import { reasonOf, report } from './report.ts';
import { Sessions, type SessionLimits } from './sessions.ts';
import { within } from './within.ts';

/** Limits of {@link serveHttp}; a server needs none of them. */
export interface HttpLimits {
  /** Longest request body, in bytes; default 4 MiB. */
  readonly bodyBytes?: number;
  /** How long a client may take to send the head of a request, and all of it, in milliseconds; default 10 s and 30 s. */
  readonly receive?: { readonly headMs: number; readonly allMs: number };
  /** Longest wait of `/readyz`, in milliseconds; default 2,000. */
  readonly readyMs?: number;
  readonly sessions?: SessionLimits;
  readonly ending?: EndingLimits;
  /** The clock of the sessions, in milliseconds. */
  readonly now?: () => number;
}

/** A server that listens. */
export interface HttpService extends Service {
  /** Where MCP clients connect, such as `http://127.0.0.1:3000/mcp`. */
  readonly url: string;
  /** From now on `/readyz` is 503, so that a balancer turns to others; requests are answered until {@link stop}. */
  drain(): void;
}

/** The SDK's handler wants the two as optional, node says `| undefined`: the same thing. */
type NodeRequest = IncomingMessage & { method: string; url: string; auth?: AuthInfo };

const PATH = '/mcp';

const BODY_BYTES = 4 * 1_024 * 1_024;

const RECEIVE = { headMs: 10_000, allMs: 30_000 };

const SESSIONS: SessionLimits = {
  sessions: 1_000,
  idleMs: 30 * 60 * 1_000,
  replay: { events: 20_000, characters: 32 * 1_024 * 1_024 },
};

/** Everything is over before an orchestrator's ten seconds are. */
const ENDING: EndingLimits = { answer: 6_500, abort: 7_000, close: 8_000 };

/** How long closed streams have to reach their clients, in milliseconds. */
const FLUSH_MS = 250;

/**
 * Serves many clients over Streamable HTTP, each in the era it speaks: 2026-07-28 without sessions, 2025-11-25 and
 * before with them.
 * @param authentication - Undefined: everyone who reaches the port may call
 * @throws ConfigurationError when the bind is refused or the port cannot be had
 */
export async function serveHttp(
  endpoint: Endpoint,
  bind: Bind,
  limits: HttpLimits = {},
  authentication?: Authentication,
): Promise<HttpService> {
  const pages = new CrossOrigin(bind.allowedOrigins ?? []);
  const guard = new Guard(allowedHostnames(bind, authentication !== undefined), pages);
  if (!isLoopback(bind.host)) endpoint.expose();
  const bodyBytes = limits.bodyBytes ?? BODY_BYTES;
  const receive = limits.receive ?? RECEIVE;
  const sessions: Sessions = new Sessions(
    (request) => endpoint.connect(request, direct?.adopt),
    limits.sessions ?? SESSIONS,
    limits.now ?? (() => performance.now()),
  );
  const onerror = (error: Error): void => {
    if (!isClientFault(error)) report(`${endpoint.name}: ${error.message}`);
  };
  const modern = createMcpHandler((request) => endpoint.connect(request, direct?.adopt), {
    legacy: 'reject',
    onerror,
    bus: endpoint.bus,
  });
  const { tasks } = endpoint;
  const serveModern = (
    message: unknown,
    authInfo: AuthInfo | undefined,
    handle: (message: unknown) => Promise<Response>,
  ): Promise<Response> => (tasks ? listenToTasks(tasks, message, authInfo, handle) : handle(message));
  const handler = toNodeHandler(
    {
      async fetch(request, { authInfo, parsedBody }: { authInfo?: AuthInfo; parsedBody?: unknown } = {}) {
        direct?.follow(parsedBody, request);
        return (await isLegacyRequest(request, parsedBody))
          ? await sessions.handle(request, parsedBody, authInfo)
          : await serveModern(parsedBody, authInfo, (message) =>
              modern.fetch(request, { parsedBody: message, ...(authInfo && { authInfo }) }),
            );
      },
    },
    { onerror },
  );
  const answer: AnswerBySdk = async (request, response, caller, message) => {
    if (caller) (request as NodeRequest).auth = caller;
    await handler(request as NodeRequest, response, message);
  };
  const direct = endpoint.direct && new DirectHttp(endpoint.direct, sessions, answer);
  const health = new Health(endpoint, limits.readyMs ?? 2_000);
  const exchanges = new InFlight();
  let stopping = false;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (health.answer(path, request, response)) return;
    const foreign = guard.refusal(request.headers);
    if (foreign !== undefined) return refuse(response, 403, null, CODES.refused, foreign);
    if (pages.answer(request, response)) return;
    if (path !== PATH) {
      const metadata = authentication?.metadata(path);
      if (metadata !== undefined) return answerMetadata(request, response, metadata);
      return refuse(response, 404, null, CODES.refused, `Nothing is here. The MCP endpoint is ${PATH}.`);
    }
    if (!['GET', 'POST', 'DELETE'].includes(request.method ?? '')) {
      response.setHeader('allow', 'GET, POST, DELETE');
      return refuse(response, 405, null, CODES.refused, 'Use POST, or GET and DELETE with a session.');
    }
    let caller: AuthInfo | undefined;
    if (authentication) {
      const found = authentication.authenticate(request.headers.authorization, request.socket);
      const known = found instanceof Promise ? await found : found;
      if (known instanceof Response) return await pass(known, response);
      if (response.destroyed) return;
      caller = known;
      // Nobody behind this needs it: it must not be passed on or logged. To delete it would make all headers slow to read.
      request.headers.authorization = undefined as never;
    }
    if (request.method !== 'POST') {
      closeAtExpiry(response, caller);
      return await answer(request, response, caller);
    }
    const body = await readBody(request, bodyBytes);
    switch (body.kind) {
      case 'gone':
        return;
      case 'too-large':
        return refuse(response, 413, null, CODES.refused, `The request body is longer than ${bodyBytes} bytes.`);
      case 'malformed':
        return refuse(response, 400, null, CODES.parseError, 'Parse error: the request body is not valid JSON.');
      case 'json':
        return await answerMessage(request, response, caller, body.value);
    }
  };

  const answerMessage = async (
    request: IncomingMessage,
    response: ServerResponse,
    caller: AuthInfo | undefined,
    message: unknown,
  ): Promise<void> => {
    if (Array.isArray(message)) {
      return refuse(
        response,
        400,
        null,
        CODES.invalidRequest,
        'Batches are not supported. Send one message a request.',
      );
    }
    if (isTooDeep(message)) {
      return refuse(response, 400, null, CODES.invalidRequest, 'The message is nested too deeply.');
    }
    const method = requestedMethod(message);
    if (stopping && method !== undefined) {
      response.setHeader('retry-after', '1');
      return refuse(response, 503, idOf(message), CODES.refused, 'The server is shutting down.');
    }
    // A subscription is answered only at the end: nothing must wait for it.
    if (method !== undefined && method !== 'subscriptions/listen') response.once('close', exchanges.begin());
    if (direct?.answer(request, response, caller, message as object) === true) return;
    if (method !== 'subscriptions/listen') return await answer(request, response, caller, message);
    const { mayFollow } = endpoint;
    closeAtExpiry(response, caller);
    const allowed = mayFollow ? withoutForbidden(message, (uri) => mayFollow(uri, caller)) : message;
    await answer(request, response, caller, allowed);
  };

  const server = createServer(
    // a client that sends slowly holds a connection no longer; what is answered may take as long as it takes
    { headersTimeout: receive.headMs, requestTimeout: receive.allMs, connectionsCheckingInterval: receive.headMs / 2 },
    (request, response) => {
      if (stopping) response.setHeader('connection', 'close');
      response.once('close', () => stopping && setImmediate(() => server.closeIdleConnections()));
      handle(request, response).catch((error: unknown) => {
        report(`${endpoint.name}: ${reasonOf(error)}`);
        if (response.headersSent) response.destroy();
        else refuse(response, 500, null, CODES.internalError, 'Internal server error');
      });
    },
  );
  preloadSchemas();
  const origin = await listen(server, bind);

  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  const stop = (reason: string): Promise<Ending> => {
    if (stopping) return ended;
    stopping = true;
    health.drain();
    const closed = new Promise<void>((done) => void server.close(() => done()));
    const answered = Promise.all([exchanges.idle(), endpoint.calls.idle()]);
    const closeTransport = async (): Promise<void> => {
      await Promise.all([sessions.close(), modern.close()]);
      await within(closed, FLUSH_MS);
      server.closeAllConnections();
      await closed;
    };
    void endGracefully(endpoint, answered, closeTransport, reason, limits.ending ?? ENDING).then(resolve);
    return ended;
  };
  return { url: origin + PATH, ended, drain: () => health.drain(), stop };
}

function refuse(response: ServerResponse, status: number, id: AnswerId, code: number, message: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(errorAnswer(id, code, message)));
}

/** Everybody may read it, whatever page they are on (RFC 9728, section 3). */
function answerMetadata(request: IncomingMessage, response: ServerResponse, document: string): void {
  response.setHeader('access-control-allow-origin', '*');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
  } else {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=3600' }).end(document);
  }
}

/** Sends an answer that was made without node. */
async function pass(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}

/** The SDK reports what it refuses in the same way as what goes wrong; the operator needs only the second. */
function isClientFault(error: Error): boolean {
  return error instanceof ProtocolError || /^(?:Rejected inbound request|Unsupported Media Type)/u.test(error.message);
}
