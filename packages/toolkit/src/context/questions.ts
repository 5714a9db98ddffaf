import {
  inputRequired,
  inputResponse,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type ClientCapabilities,
  type InputRequest,
  type InputRequiredResult,
  type InputResponseView,
} from '@modelcontextprotocol/server';

import { ToolError } from '../define/errors.ts';
import type { Schema } from '../define/schema.ts';
import type { Context, ElicitResult, RequestedSchema } from './context.ts';
import type { Exchange } from './exchange.ts';
import type { StateSealer } from './sealed-state.ts';

/** Rounds of questions that one call may take, so that a client that answers wrongly for ever comes to an end. */
const MAX_ROUNDS = 8;

interface State {
  readonly rounds: number;
  readonly steps: Record<string, unknown>;
  readonly answers: Record<string, InputResponseView>;
}

/**
 * Ends a handler that waits for an answer: thrown so that its `finally` blocks run, never shown to anybody. The call
 * is made anew when the answer is there, with the answers and steps so far.
 */
export class Suspension extends Error {
  override readonly name = 'Suspension';
  readonly result: InputRequiredResult;

  constructor(result: InputRequiredResult) {
    super('waits for an answer of the client');
    this.result = result;
  }
}

/** What the questions of one call need. */
export interface QuestionsSource {
  readonly exchange: Exchange;
  readonly sealer: Pick<StateSealer, 'seal' | 'open'>;
  /** Principal, method, name and arguments of the call: a state is of no use to another one. */
  readonly binding: string;
}

/** The part of a context that asks the client. */
export interface Questions extends Pick<Context, 'elicit' | 'sample' | 'roots' | 'step'> {
  /** Steps and answers so far, as JSON. */
  kept(): string;
}

/** The questions of one run of a handler (specification 2026-07-28, basic/patterns/mrtr). */
export function createQuestions(source: QuestionsSource): Questions {
  const { exchange, sealer, binding } = source;
  const state = openState(source);
  const open: Record<string, InputRequest> = {};
  let asked = 0;
  let suspended: Promise<never> | undefined;

  /** All that is asked before the handler waits goes to the client together. */
  const suspend = (): Promise<never> =>
    (suspended ??= new Promise((_, reject) => {
      setImmediate(() => {
        try {
          const requestState = sealer.seal({ ...state, rounds: state.rounds + 1 } satisfies State, binding);
          reject(new Suspension(inputRequired({ requestState, inputRequests: open })));
        } catch (error) {
          reject(error);
        }
      });
    }));

  async function ask<T>(
    needs: keyof ClientCapabilities,
    name: string | undefined,
    question: () => InputRequest,
    read: (answer: InputResponseView) => Promise<T | undefined>,
  ): Promise<T> {
    const key = name ?? `question_${asked++}`;
    const answer = state.answers[key] ?? inputResponse(exchange.inputResponses, key);
    const result = await read(answer);
    if (result !== undefined) {
      state.answers[key] = answer;
      return result;
    }
    assertCanAnswer(exchange, needs);
    if (state.rounds >= MAX_ROUNDS) {
      throw new ToolError(`The client did not answer the question within ${MAX_ROUNDS} rounds.`, {
        code: 'NO_ANSWER',
        hint: 'Ask the user in the conversation instead.',
      });
    }
    open[key] = question();
    return suspend();
  }

  return {
    kept: () => JSON.stringify(state),
    elicit: (message, schema, options) =>
      ask(
        'elicitation',
        options?.key,
        () => inputRequired.elicit({ message, requestedSchema: schema }),
        (answer) => readElicitation(answer, schema),
      ),
    sample: (parameters, options) =>
      ask(
        'sampling',
        options?.key,
        () => inputRequired.createMessage(parameters),
        (answer) => Promise.resolve(answer.kind === 'sampling' ? answer.result : undefined),
      ),
    roots: (options) =>
      ask(
        'roots',
        options?.key,
        () => inputRequired.listRoots(),
        (answer) => Promise.resolve(answer.kind === 'roots' ? answer.roots : undefined),
      ),
    async step<T>(key: string, run: () => T | Promise<T>): Promise<T> {
      // through JSON at once, so that the first run of the method sees what the later ones will
      if (!Object.hasOwn(state.steps, key)) state.steps[key] = JSON.parse(JSON.stringify(await run()) ?? 'null');
      return state.steps[key] as T;
    },
  };
}

function openState({ exchange, sealer, binding }: QuestionsSource): State {
  const sealed = exchange.requestState;
  if (sealed === undefined) return { rounds: 0, steps: {}, answers: {} };
  const state = typeof sealed === 'string' ? sealer.open(sealed, binding) : undefined;
  if (state !== undefined) return state as State;
  const data = { reason: 'invalid_request_state' };
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid or expired requestState', data);
}

/** An answer that does not fit the schema is none: the question is asked again. */
async function readElicitation<S extends Schema | RequestedSchema>(
  answer: InputResponseView,
  schema: S,
): Promise<ElicitResult<S> | undefined> {
  if (answer.kind !== 'elicit') return undefined;
  if (answer.action !== 'accept') return { action: answer.action };
  const parsed = isSchema(schema) ? await schema['~standard'].validate(answer.content) : { value: answer.content };
  if (parsed.issues) return undefined;
  const data = parsed.value as Extract<ElicitResult<S>, { action: 'accept' }>['data'];
  return { action: 'accept', data };
}

function isSchema(schema: Schema | RequestedSchema): schema is Schema {
  return '~standard' in schema;
}

/**
 * In 2026 the specification wants the protocol's own error (-32021), before in 2025 there was none: there the model gets
 * one that it can act on.
 */
function assertCanAnswer({ era, capabilities }: Exchange, needs: keyof ClientCapabilities): void {
  if (capabilities?.[needs]) return;
  const message = `This call needs ${needs}, which this client does not support.`;
  const hint = `Tell the user: it has to be done in a client that supports ${needs}.`;
  if (era === '2025') throw new ToolError(message, { code: `${needs.toUpperCase()}_UNSUPPORTED`, hint });
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { [needs]: {} } }, `${message} ${hint}`);
}
