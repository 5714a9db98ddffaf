import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Readable, Writable } from 'node:stream';

/**
 * The suite speaks HTTP only: this passes its messages on to the server's stdio. One process serves all 2026 requests,
 * one each a session of 2025. It validates nothing, so that what passes through it passes because of the server.
 */
export interface Bridge extends AsyncDisposable {
  readonly url: string;
}

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly progressToken?: unknown; readonly requestId?: unknown; readonly _meta?: Meta };
  readonly error?: { readonly code: number };
}
type Meta = Readonly<Record<string, unknown>>;

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
const SESSION = 'mcp-session-id';

/** The HTTP status of an error, where the specification gives one (2026-07-28, basic/transports). */
const STATUS: Readonly<Record<number, number>> = { [-32_601]: 404, [-32_020]: 400, [-32_021]: 400, [-32_022]: 400 };

interface Pending {
  /** The id that the client gave. */
  readonly id: Message['id'];
  readonly progressToken: unknown;
  answer(message: Message): void;
  /** A notification or a request of the server that belongs to it. */
  push(message: Message): void;
}

/** One process of the server. */
class Process {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #pending = new Map<number, Pending>();
  #ids = 0;

  constructor(file: string) {
    this.#process = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'ignore'] });
    createInterface(this.#process.stdout).on('line', (line) => this.#receive(JSON.parse(line) as Message));
  }

  /** Sends a request under an id of its own; the function returned cancels it. */
  request(message: Message, pending: Omit<Pending, 'id' | 'progressToken'>): () => void {
    const id = ++this.#ids;
    const progressToken = message.params?._meta?.['progressToken'];
    this.#pending.set(id, { id: message.id, progressToken, ...pending });
    this.send({ ...message, id });
    return () => {
      if (!this.#pending.delete(id)) return;
      this.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
    };
  }

  send(message: object): void {
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end();
    await ended;
  }

  #receive(message: Message): void {
    if (message.method === undefined) {
      const pending = this.#pending.get(message.id as number);
      this.#pending.delete(message.id as number);
      pending?.answer({ ...message, ...(pending.id !== undefined && { id: pending.id }) });
      return;
    }
    const subscription = message.params?._meta?.[SUBSCRIPTION];
    if (subscription !== undefined) {
      const pending = this.#pending.get(Number(subscription));
      const meta = { ...message.params?._meta, [SUBSCRIPTION]: pending?.id };
      pending?.push({ ...message, params: { ...message.params, _meta: meta } });
      return;
    }
    const all = [...this.#pending.values()];
    const token = message.params?.progressToken;
    const owner = token === undefined ? all.at(-1) : all.find(({ progressToken }) => progressToken === token);
    owner?.push(message);
  }
}

export async function startBridge(file: string): Promise<Bridge> {
  const modern = new Process(file);
  const sessions = new Map<string, Process>();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const session = String(request.headers[SESSION] ?? '');
    if (request.method !== 'POST') {
      const ended = request.method === 'DELETE' ? sessions.get(session) : undefined;
      if (ended) sessions.delete(session);
      await ended?.end();
      response.writeHead(ended ? 200 : 405).end();
      return;
    }
    const message = JSON.parse(await text(request)) as Message;
    const headers: Record<string, string> = {};
    let target: Process | undefined = modern;
    if (message.params?._meta?.[VERSION] === undefined) {
      target = sessions.get(session);
      if (session === '') {
        // stdio takes its era from the first message: what is of no era must not decide for the others
        target = new Process(file);
        const id = randomUUID();
        sessions.set(id, target);
        if (message.method === 'initialize') headers[SESSION] = id;
      }
    }
    if (!target) {
      response.writeHead(404).end();
      return;
    }
    if (message.method === undefined || message.id === undefined) {
      target.send(message);
      response.writeHead(202, headers).end();
      return;
    }
    forward(message, target, response, headers);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await Promise.all([modern, ...sessions.values()].map((each) => each.end()));
    },
  };
}

function forward(message: Message, target: Process, response: ServerResponse, headers: Record<string, string>): void {
  const push = (event: Message): void => {
    if (!response.headersSent) response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    response.write(`event: message\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const cancel = target.request(message, {
    push,
    answer(answer) {
      if (response.headersSent) {
        push(answer);
        response.end();
        return;
      }
      const status = answer.error && message.params?._meta?.[VERSION] !== undefined ? STATUS[answer.error.code] : 200;
      response.writeHead(status ?? 200, { ...headers, 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    },
  });
  response.on('close', cancel);
}
