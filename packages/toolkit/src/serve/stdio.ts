import type { McpRequestContext, McpServer } from '@modelcontextprotocol/server';
import { serveStdio as serveEras } from '@modelcontextprotocol/server/stdio';
import type { Readable, Writable } from 'node:stream';
import { DirectStdio } from './direct-stdio.ts';
import type { Endpoint } from './endpoint.ts';
import { endGracefully, type Ending, type EndingLimits, type Service } from './ending.ts';
import { report } from './report.ts';
import { StdioTransport, type StdioEnd } from './stdio-transport.ts';

/** Streams and limits of {@link serveStdio}; a server needs none of them. */
export interface StdioOptions {
  /** Default `process.stdin`. */
  readonly input?: Readable;
  /** Where the protocol goes; see `reserveStdout`. */
  readonly output: Writable;
  /** Longest line read, in bytes; default 10 MiB, as in the SDK. */
  readonly maxLineBytes?: number;
  readonly limits?: EndingLimits;
}

/** SDK clients send SIGTERM 2 s after they closed stdin, so everything is over before. */
const LIMITS: EndingLimits = { answer: 1_500, abort: 1_700, close: 1_900 };

const MAX_LINE_BYTES = 10 * 1_024 * 1_024;

const REASONS: Readonly<Record<StdioEnd, string>> = {
  'end-of-input': 'The client closed the connection.',
  'line-too-long': 'The client sent a line that is too long.',
  'broken-pipe': 'The client reads no more answers.',
};

/**
 * Serves one client over stdio, in the era that it opens with (2025-11-25 or 2026-07-28). Ends when the client closes
 * its end of either pipe; calls in flight have 1.5 s to answer, and after 1.9 s everything is closed.
 */
export function serveStdio(endpoint: Endpoint, options: StdioOptions): Service {
  const limits = options.limits ?? LIMITS;
  const maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  let stopping = false;

  const stop = (reason: string, answered: Promise<void>): Promise<Ending> => {
    if (!stopping) {
      stopping = true;
      transport.stopReading();
      void endGracefully(endpoint, answered, () => connection.close(), reason, limits).then(resolve);
    }
    return ended;
  };
  const onEnd = (why: StdioEnd): void => {
    if (why === 'line-too-long') report(`${endpoint.name}: the client sent a line longer than ${maxLineBytes} bytes.`);
    // Nobody reads the answers of a broken pipe: the calls need not be waited for, only stopped.
    const answered = why === 'broken-pipe' ? abortCalls(endpoint, REASONS[why]) : transport.answered();
    void stop(REASONS[why], answered);
  };
  const direct = endpoint.direct && new DirectStdio(endpoint.direct);
  const input = options.input ?? process.stdin;
  const transport = new StdioTransport(input, options.output, maxLineBytes, onEnd, direct, endpoint.tasks);
  const connect = (request: McpRequestContext): McpServer => {
    const server = endpoint.connect(request, direct?.adopt);
    transport.isModern = request.era === 'modern';
    direct?.connected(request.era, server);
    return server;
  };
  const onerror = (error: Error): void => report(`${endpoint.name}: ${error.message}`);
  const connection = serveEras(connect, { transport, onerror });
  return { ended, stop: (reason) => stop(reason, transport.answered()) };
}

function abortCalls(endpoint: Endpoint, reason: string): Promise<void> {
  endpoint.calls.abort(reason);
  return endpoint.calls.idle();
}
