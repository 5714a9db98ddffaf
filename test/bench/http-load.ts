import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { type Era, headers, INITIALIZE, INITIALIZED, message, type Method, RIGHT_ANSWER } from './messages.ts';

type Fields = Readonly<Record<string, string>>;

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

/** What one round gave. */
export interface Round {
  readonly calls: number;
  readonly seconds: number;
  /** Of every call, in milliseconds, sorted. */
  readonly latencies: readonly number[];
}

/**
 * Keeps requests going on some connections, the next one when the answer of the last is complete. It reads no more of
 * an answer than where it ends, so that the server is what is measured.
 */
export class HttpLoad {
  readonly #connections: readonly Repeating[];

  private constructor(connections: readonly Repeating[]) {
    this.#connections = connections;
  }

  /**
   * Opens the connections, each with a session of its own in 2025 if the server begins one, and checks an answer.
   * @param more - Headers besides those of the protocol
   */
  static async open(port: number, era: Era, method: Method, connections: number, more: Fields = {}): Promise<HttpLoad> {
    const open = async (_: unknown, index: number): Promise<Repeating> => {
      const session = era === '2025' ? await beginSession(port) : {};
      const request = requestBytes(
        port,
        { ...headers(era, method), ...session, ...more },
        message(era, method, index + 1),
      );
      const connection = new Connection(connect(port, '127.0.0.1'));
      const answer = await connection.once(request);
      if (!RIGHT_ANSWER[method].test(answer)) throw new Error(`a wrong answer: ${answer.slice(0, 500)}`);
      return { connection, request };
    };
    const opened = await Promise.all(Array.from({ length: connections }, open));
    return new HttpLoad(opened);
  }

  /** Runs for so long. */
  async round(milliseconds: number): Promise<Round> {
    const begin = performance.now();
    const latencies = await Promise.all(
      this.#connections.map(({ connection, request }) => connection.run(request, begin + milliseconds)),
    );
    const seconds = (performance.now() - begin) / 1000;
    const all = latencies.flat().toSorted((a, b) => a - b);
    return { calls: all.length, seconds, latencies: all };
  }

  /** One answer, as it came. */
  async once(): Promise<string> {
    const [first] = this.#connections;
    return (await first?.connection.once(first.request)) ?? '';
  }

  close(): void {
    for (const { connection } of this.#connections) connection.close();
  }
}

/** A connection that sends one request again and again. */
interface Repeating {
  readonly connection: Connection;
  readonly request: Buffer;
}

/** One connection, with one request at a time on it. */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #answered: (answer: Buffer) => void = () => {};
  #failed: (error: Error) => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket.setNoDelay();
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#failed(error));
    socket.on('close', () => this.#failed(new Error('the server closed a connection')));
  }

  get closed(): boolean {
    return this.#socket.closed;
  }

  /** The whole answer to a request, as it came. */
  async once(request: Buffer): Promise<string> {
    const answer = new Promise<Buffer>((resolve, reject) => {
      if (this.closed) return reject(new Error('the server closed a connection that was not used'));
      this.#answered = resolve;
      this.#failed = reject;
    });
    this.#socket.write(request);
    return (await answer).toString();
  }

  /** Sends a request until a moment of `performance.now()`; the milliseconds that each answer took. */
  run(request: Buffer, until: number): Promise<number[]> {
    const latencies: number[] = [];
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new Error('the server closed a connection between two rounds'));
      let sent = performance.now();
      this.#failed = reject;
      this.#answered = (answer) => {
        const now = performance.now();
        latencies.push(now - sent);
        if (answer.toString('latin1', 9, 12) !== '200') return reject(new Error(answer.toString()));
        if (now >= until) return resolve(latencies);
        sent = now;
        this.#socket.write(request);
      };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#failed = () => {};
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    if (!isComplete(this.#received)) return;
    const answer = this.#received;
    this.#received = Buffer.alloc(0);
    this.#answered(answer);
  }
}

function isComplete(bytes: Buffer): boolean {
  const head = bytes.indexOf(HEAD_END);
  if (head === -1) return false;
  const length = /content-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1];
  if (length !== undefined) return bytes.length >= head + HEAD_END.length + Number(length);
  return bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
}

/** A request to the MCP endpoint, ready to be written. */
export function requestBytes(port: number, fields: Fields, body: object): Buffer {
  const text = JSON.stringify(body);
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  const head = [
    'POST /mcp HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    ...lines,
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
}

async function beginSession(port: number): Promise<Fields> {
  const fields = headers('2025', 'tools/list');
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const initialize = new Connection(socket);
  const answer = await initialize.once(requestBytes(port, fields, INITIALIZE));
  initialize.close();
  const revision = /"protocolVersion":"([\d-]+)"/.exec(answer)?.[1] ?? '2025-11-25';
  const id = /mcp-session-id: *([^\r\n]+)/i.exec(answer)?.[1];
  const session = { 'mcp-protocol-version': revision, ...(id !== undefined && { 'mcp-session-id': id }) };
  const initialized = { method: 'POST', headers: { ...fields, ...session }, body: JSON.stringify(INITIALIZED) };
  await fetch(`http://127.0.0.1:${port}/mcp`, initialized).then((response) => response.text());
  return session;
}
