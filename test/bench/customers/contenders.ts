import { connect } from 'node:net';

import { Pool } from 'pg';

import { Connection, requestBytes } from '../http-load.ts';
import { headers, message, type ToolCall } from '../messages.ts';
import { RunningTarget, type Target } from '../target.ts';
import type { Answer } from './kinds.ts';

/** A statement, with the values of its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Connections of the server's pool, and so of the one that runs the statements alone. */
const POOL = 5;

/** customer-db on the database, in a process of its own. */
export class ServerUnderTest implements AsyncDisposable {
  readonly #running: RunningTarget;
  /** By client. */
  readonly #connections: Connection[] = [];

  private constructor(running: RunningTarget) {
    this.#running = running;
  }

  static async start(target: Target, environment: Readonly<Record<string, string>>): Promise<ServerUnderTest> {
    return new ServerUnderTest(await RunningTarget.http(target, environment));
  }

  /** The request of a call, ready to be sent. */
  request(call: ToolCall): Buffer {
    const body = message('2026', 'tools/call', 1, call);
    return requestBytes(this.#running.port, headers('2026', 'tools/call', call), body);
  }

  /** The answer as it came; one at a time for each client. */
  async send(request: Buffer, client = 0): Promise<string> {
    const answer = await this.#connectionOf(client).once(request);
    if (!answer.includes('"structuredContent":{') || answer.includes('"isError":true')) throw new Error(answer);
    return answer;
  }

  /** The server closes a connection that is not used for some seconds. */
  #connectionOf(client: number): Connection {
    const kept = this.#connections[client];
    if (kept && !kept.closed) return kept;
    return (this.#connections[client] = new Connection(connect(this.#running.port, '127.0.0.1')));
  }

  /** What the tool answered. */
  async ask(call: ToolCall): Promise<Answer> {
    const answer = await this.send(this.request(call));
    const { result } = JSON.parse(answer.slice(answer.indexOf('{'))) as { result: { structuredContent: Answer } };
    return result.structuredContent;
  }

  /** The statements that a call sends, from the beginning of its transaction to the end, and the answer. */
  async statementsOf(call: ToolCall): Promise<{ statements: Statement[]; answer: Answer }> {
    const statements: Statement[] = [];
    const told = Promise.withResolvers<void>();
    const listen = (statement: Statement): void => {
      // The end of the call before may be told after its answer has come.
      if (statements.length === 0 && !/^(start|begin)/.test(statement.text)) return;
      statements.push(statement);
      if (statement.text === 'commit') told.resolve();
    };
    this.#running.process.on('message', listen);
    const answer = await this.ask(call);
    await told.promise;
    this.#running.process.off('message', listen);
    return { statements, answer };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.#running[Symbol.asyncDispose]();
  }
}

/** The same statements through `pg`, with nothing else around them. */
export class BareStatements implements AsyncDisposable {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool({ connectionString: url, max: POOL });
  }

  async run(statements: readonly Statement[]): Promise<void> {
    const client = await this.#pool.connect();
    try {
      for (const { text, values } of statements) await client.query(text, [...values]);
    } finally {
      client.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }
}
