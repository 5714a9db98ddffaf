import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  type ClientCapabilities,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

import { ToolError } from '../define/errors.ts';
import type { Schema } from '../define/schema.ts';
import type { Context, ElicitResult } from './context.ts';
import type { StateSealer } from './sealed-state.ts';

/** Questions that one call may ask, so that a client that answers wrongly for ever comes to an end. */
const MAX_ROUNDS = 8;

interface State {
  readonly rounds: number;
  readonly steps: Record<string, unknown>;
  readonly answers: Record<string, { readonly action: 'accept' | 'decline' | 'cancel'; readonly content?: unknown }>;
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
  readonly server: McpServer;
  readonly request: ServerContext;
  readonly sealer: StateSealer;
  /** Principal, method, name and arguments of the call: a state is of no use to another one. */
  readonly binding: string;
}

/** `ctx.elicit` and `ctx.step` for one run of a handler (specification 2026-07-28, basic/patterns/mrtr). */
export function createQuestions(source: QuestionsSource): Pick<Context, 'elicit' | 'step'> {
  const { request, sealer, binding } = source;
  const state = openState(source);
  let asked = 0;
  return {
    async step<T>(key: string, run: () => T | Promise<T>): Promise<T> {
      // through JSON at once, so that the first run of the method sees what the later ones will
      if (!Object.hasOwn(state.steps, key)) state.steps[key] = JSON.parse(JSON.stringify(await run()) ?? 'null');
      return state.steps[key] as T;
    },
    async elicit(message, schema) {
      const key = `question_${asked++}`;
      const known = state.answers[key];
      if (known) return elicited(known, schema);
      const response = inputResponse(request.mcpReq.inputResponses, key);
      if (response.kind === 'elicit') {
        const { action, content } = response;
        const result = await elicited({ action, content }, schema).catch(() => undefined);
        if (result) {
          state.answers[key] = { action, ...(action === 'accept' && { content }) };
          return result;
        }
      }
      assertCanAnswer(source);
      if (state.rounds >= MAX_ROUNDS) {
        throw new ToolError(`The client did not answer the question within ${MAX_ROUNDS} rounds.`, {
          code: 'NO_ANSWER',
          hint: 'Ask the user in the conversation instead.',
        });
      }
      const requestState = sealer.seal({ ...state, rounds: state.rounds + 1 } satisfies State, binding);
      const inputRequests = { [key]: inputRequired.elicit({ message, requestedSchema: schema }) };
      throw new Suspension(inputRequired({ requestState, inputRequests }));
    },
  };
}

function openState({ request, sealer, binding }: QuestionsSource): State {
  const sealed = request.mcpReq.requestState();
  if (sealed === undefined) return { rounds: 0, steps: {}, answers: {} };
  const state = typeof sealed === 'string' ? sealer.open(sealed, binding) : undefined;
  if (state !== undefined) return state as State;
  const data = { reason: 'invalid_request_state' };
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid or expired requestState', data);
}

async function elicited<S extends Schema>(answer: State['answers'][string], schema: S): Promise<ElicitResult<S>> {
  if (answer.action !== 'accept') return { action: answer.action };
  const parsed = await schema['~standard'].validate(answer.content);
  if (parsed.issues) throw new TypeError('the answer does not fit the schema of the question');
  return { action: 'accept', data: parsed.value } as ElicitResult<S>;
}

/** A client that cannot ask its user gets an error the model can act on, instead of one of the protocol. */
function assertCanAnswer({ server, request }: QuestionsSource): void {
  const envelope: Readonly<Record<string, unknown>> | undefined = request.mcpReq.envelope;
  const sent = envelope?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
  const declared = sent ?? server.server.getClientCapabilities();
  if (declared?.elicitation) return;
  throw new ToolError('This call needs an answer of the user, and this client cannot ask for one.', {
    code: 'ELICITATION_UNSUPPORTED',
    hint: 'Tell the user what you are about to do; it has to be done in a client that supports elicitation.',
  });
}
