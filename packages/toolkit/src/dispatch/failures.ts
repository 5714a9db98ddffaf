import { MissingRequiredClientCapabilityError, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';

import type { Context } from '../context/context.ts';
import type { WriteLog } from '../context/log.ts';
import { Suspension } from '../context/questions.ts';
import { NotFoundError } from '../define/errors.ts';
import type { Definition } from '../surface/definition.ts';
import type { CallMethod, Failure } from './middleware.ts';
import {
  cancelled,
  knownProblem,
  maskedProblem,
  problemText,
  readable,
  type DescribeError,
  type Problem,
} from './problem.ts';

/** What has to be known of a server to tell what went wrong. */
export interface FailuresSource {
  readonly describeError: DescribeError | undefined;
  /** Tells the operator. */
  readonly writeLog: WriteLog;
}

/** Turns what a call threw into what its reader gets. */
export class Failures {
  readonly #source: FailuresSource;

  constructor(source: FailuresSource) {
    this.#source = source;
  }

  /** The problem that a model reads; throws what is none, such as a question to the user. */
  problem(thrown: unknown, definition: Definition, context: Context): Problem {
    const error = readable(thrown);
    const { name } = definition;
    if (error instanceof Suspension || error instanceof MissingRequiredClientCapabilityError) throw error;
    if (cancelled(error, context.signal)) {
      return { code: 'CANCELLED', message: `${name} was cancelled before it could answer.`, retryable: true };
    }
    const known = this.#known(error, definition);
    if (known) return known;
    return maskedProblem(error, (incident, cause) => {
      // past `context.log`, which a client may read: the cause is the operator's alone
      this.#source.writeLog('error', `${name} failed`, { incident, cause, request: context.request.id });
    });
  }

  /** The error of the protocol, where the method has no result that says so. */
  protocolError(thrown: unknown, definition: Definition, context: Context): ProtocolError {
    const error = readable(thrown);
    if (error instanceof ProtocolError) return error;
    const problem = this.problem(error, definition, context);
    return new ProtocolError(jsonRpcCodeOf(problem.code), problemText(problem), problem);
  }

  /** What {@link problem} and {@link protocolError} will make of an error, without telling anybody. */
  failure(method: CallMethod, thrown: unknown, definition: Definition, { signal }: Context): Failure {
    const error = readable(thrown);
    if (error instanceof Suspension)
      return { outcome: 'input_required', code: 'INPUT_REQUIRED', jsonRpcCode: undefined };
    const protocol = error instanceof ProtocolError && (method !== 'tools/call' || isCapabilityError(error));
    if (protocol) return { outcome: 'error', code: 'PROTOCOL_ERROR', jsonRpcCode: error.code };
    const isCancelled = cancelled(error, signal);
    const code = isCancelled ? 'CANCELLED' : (this.#known(error, definition)?.code ?? 'INTERNAL');
    const outcome = isCancelled ? 'cancelled' : 'error';
    if (method === 'tools/call') return { outcome, code, jsonRpcCode: undefined };
    const missing = method === 'resources/read' && error instanceof NotFoundError;
    return { outcome, code, jsonRpcCode: missing ? ProtocolErrorCode.InvalidParams : jsonRpcCodeOf(code) };
  }

  /** What the error says itself, or what the server that it came from, or this one, knows of it. */
  #known(error: unknown, { home }: Definition): Problem | undefined {
    return knownProblem(error, home?.describeError) ?? knownProblem(error, this.#source.describeError);
  }
}

function isCapabilityError(error: unknown): boolean {
  return error instanceof MissingRequiredClientCapabilityError;
}

function jsonRpcCodeOf(code: string): ProtocolErrorCode {
  switch (code) {
    case 'INVALID_ARGUMENT':
      return ProtocolErrorCode.InvalidParams;
    case 'INSUFFICIENT_SCOPE':
      return ProtocolErrorCode.InvalidRequest;
    default:
      return ProtocolErrorCode.InternalError;
  }
}
