import type { JSONRPCMessage, RequestId, Transport } from '@modelcontextprotocol/server';
import { isJSONRPCNotification, isJSONRPCRequest, parseJSONRPCMessage } from '@modelcontextprotocol/server';
import type { Readable, Writable } from 'node:stream';
import { SmallSet } from '../dispatch/small-set.ts';
import { isTooDeep } from './depth.ts';
import type { DirectStdio, StdioWire } from './direct-stdio.ts';
import { namesOtherRevision, unsupportedRevision } from './revision.ts';
import { CODES, errorAnswer, idOf } from './json-rpc-error.ts';
import type { TaskFeed } from '../tasks/task-feed.ts';
import { StdioTaskListen } from './stdio-task-listen.ts';
import { LineReader, LineTooLongError } from './line-reader.ts';

/** Why there is nothing more to read or nobody to write to. */
export type StdioEnd = 'end-of-input' | 'line-too-long' | 'broken-pipe';

/**
 * MCP over two streams, one JSON-RPC message a line (specification 2026-07-28, basic/transports, "stdio").
 *
 * Differs from the SDK's `StdioServerTransport` in three points: a line that is no JSON-RPC message is answered, it
 * knows which requests have no answer yet, and the end of the input closes nothing: `onEnd` decides, so that the
 * answers of the calls in flight can still be written.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];

  /** The connection is open in 2026, where each request names its revision; the SDK looks at the first one only. */
  isModern = false;

  readonly #input: Readable;
  readonly #output: Writable;
  readonly #onEnd: (why: StdioEnd) => void;
  readonly #direct: DirectStdio | undefined;
  readonly #tasks: StdioTaskListen | undefined;
  readonly #lines: LineReader;
  readonly #unanswered = new SmallSet<RequestId>();
  #answered: PromiseWithResolvers<void> | undefined;
  /** Direct answers that became ready one after the other, to be written together. */
  #directAnswers: { id: RequestId; text: string }[] = [];
  #ended = false;
  #closed = false;

  constructor(
    input: Readable,
    output: Writable,
    maxLineBytes: number,
    onEnd: (why: StdioEnd) => void,
    direct?: DirectStdio,
    tasks?: TaskFeed,
  ) {
    this.#input = input;
    this.#output = output;
    this.#onEnd = onEnd;
    this.#direct = direct;
    this.#tasks = tasks && new StdioTaskListen(tasks, (message) => void this.#write(message).catch(() => undefined));
    this.#lines = new LineReader(maxLineBytes);
  }

  start(): Promise<void> {
    this.#output.on('error', () => this.#end('broken-pipe'));
    this.#input.on('error', () => this.#end('end-of-input'));
    this.#input.on('end', () => this.#end('end-of-input'));
    this.#input.on('close', () => this.#end('end-of-input'));
    this.#input.on('data', this.#read);
    if (this.#input.readableEnded || this.#input.destroyed) this.#end('end-of-input');
    return Promise.resolve();
  }

  /** Resolves when every request read so far has its answer written, except the open subscriptions. */
  answered(): Promise<void> {
    if (this.#unanswered.size === 0) return Promise.resolve();
    this.#answered ??= Promise.withResolvers();
    return this.#answered.promise;
  }

  /** Takes no more messages; answers are still written. */
  stopReading(): void {
    this.#input.off('data', this.#read);
    this.#input.pause();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) throw new Error('The stdio transport is closed.');
    const acknowledged = this.#tasks?.acknowledge(message);
    if (acknowledged) return acknowledged;
    try {
      await this.#write(message);
    } finally {
      if (!('method' in message) && message.id !== undefined) {
        this.#settle(message.id);
        this.#tasks?.end(message.id);
      }
    }
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#tasks?.close();
      this.stopReading();
      this.onclose?.();
    }
    return Promise.resolve();
  }

  readonly #read = (chunk: Buffer): void => {
    try {
      for (const line of this.#lines.read(chunk)) this.#receive(line);
    } catch (error) {
      if (!(error instanceof LineTooLongError)) throw error;
      this.#refuse(null, CODES.invalidRequest, error.message);
      this.stopReading();
      this.#end('line-too-long');
    }
  };

  #receive(line: string): void {
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      this.#refuse(
        null,
        CODES.parseError,
        'Parse error: the line is not valid JSON. Send one JSON-RPC message a line.',
      );
      return;
    }
    if (Array.isArray(value)) {
      this.#refuse(null, CODES.invalidRequest, 'Invalid request: batches are not supported. Send one message a line.');
      return;
    }
    if (isTooDeep(value)) {
      this.#refuse(idOf(value), CODES.invalidRequest, 'Invalid request: the message is nested too deeply.');
      return;
    }
    if (this.#direct && !this.#isUnanswered(value) && this.#direct.answer(value, this.#wireOf(value))) {
      this.#unanswered.add(idOf(value) as RequestId);
      return;
    }
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(value);
    } catch {
      this.#refuse(idOf(value), CODES.invalidRequest, 'Invalid request: the line is not a JSON-RPC 2.0 message.');
      return;
    }
    if (isJSONRPCRequest(message)) {
      if (this.isModern && namesOtherRevision(message)) {
        void this.#write(unsupportedRevision(message)).catch(() => undefined);
        return;
      }
      if (this.#unanswered.has(message.id)) {
        const id = JSON.stringify(message.id);
        this.#refuse(
          null,
          CODES.invalidRequest,
          `Invalid request: the id ${id} belongs to a request that is not answered yet.`,
        );
        return;
      }
      // A subscription is answered only when the connection ends: nothing must wait for it.
      if (message.method !== 'subscriptions/listen') this.#unanswered.add(message.id);
    } else if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      const id = (message.params as { requestId?: RequestId } | undefined)?.requestId;
      if (id !== undefined) {
        this.#settle(id);
        this.#tasks?.end(id);
        if (this.#direct?.cancel(id) === true) return;
      }
    }
    const forwarded = this.#tasks ? this.#tasks.received(message) : message;
    if (forwarded) this.onmessage?.(forwarded);
  }

  #isUnanswered(message: unknown): boolean {
    const id = idOf(message);
    return id !== null && this.#unanswered.has(id);
  }

  #wireOf(message: unknown): StdioWire {
    return {
      answer: (id, text) => {
        if (this.#directAnswers.push({ id, text }) === 1) process.nextTick(this.#writeDirectAnswers);
      },
      handOver: () => this.onmessage?.(message as JSONRPCMessage),
    };
  }

  readonly #writeDirectAnswers = (): void => {
    const answers = this.#directAnswers;
    this.#directAnswers = [];
    this.#output.write(`${answers.map(({ text }) => text).join('\n')}\n`, () => {
      for (const { id } of answers) this.#settle(id);
    });
  };

  #refuse(id: RequestId | null, code: number, message: string): void {
    // Whether the pipe still has a reader is told by the output's error event.
    this.#write(errorAnswer(id, code, message)).catch(() => undefined);
  }

  #write(message: object): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#output.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  #settle(id: RequestId): void {
    this.#unanswered.delete(id);
    if (this.#unanswered.size > 0) return;
    this.#answered?.resolve();
    this.#answered = undefined;
  }

  #end(why: StdioEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd(why);
  }
}
