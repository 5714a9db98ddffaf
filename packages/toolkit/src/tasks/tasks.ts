import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type AuthInfo,
  type CallToolResult,
  type ServerEventBus,
} from '@modelcontextprotocol/server';
import { randomUUID } from 'node:crypto';

import { authOf } from '../auth/principal.ts';
import type { Auth } from '../context/context.ts';
import { createContext, type SharedSource } from '../context/create-context.ts';
import type { Exchange } from '../context/exchange.ts';
import { Suspension } from '../context/questions.ts';
import { ToolError } from '../define/errors.ts';
import type { ToolOptions } from '../define/definitions.ts';
import { Call, type CallRegistry } from '../dispatch/calls.ts';
import type { Dispatch } from '../dispatch/dispatch.ts';
import type { Offer } from '../dispatch/offer.ts';
import type { Problem } from '../dispatch/problem.ts';
import { followTasks, publishTask, type TaskFeed } from './task-feed.ts';
import { TaskExchange, TASK_STATE } from './task-exchange.ts';
import {
  changeTask,
  createTask,
  detailedTaskOnWire,
  fittingAnswers,
  isOver,
  readTask,
  TASKS_EXTENSION,
  taskOnWire,
  type InputResponses,
  type KeptTask,
  type TaskRecord,
} from './task-record.ts';
import type { TaskStore } from './task-store.ts';

/** A process that runs a task says so this often, in milliseconds, and hears of its cancellation by the way. */
const BEAT_MS = 1_000;

/** A task whose process has been silent for so long, in milliseconds, is lost. */
const LOST_MS = 15_000;

/** What tasks need of the server. */
export interface TasksSource {
  readonly offer: Offer;
  readonly dispatch: Dispatch;
  readonly calls: CallRegistry;
  readonly shared: SharedSource;
  /** Carries what changes to the followers of tasks. */
  readonly bus: ServerEventBus;
  /** Who calls where the transport carries no token. */
  readonly principal: Auth | undefined;
  /** Where the tasks are kept; resolves when the server is set up. */
  readonly store: Promise<TaskStore>;
}

/**
 * Calls that go on after their answer (SEP-2663). A task is run by the same dispatch as every call. Where its method asks,
 * the run ends; the answers begin a new one, in whatever process they arrive.
 */
export class Tasks implements TaskFeed {
  readonly #source: TasksSource;
  readonly #now: () => number;
  readonly #running = new Map<string, Call>();

  constructor(source: TasksSource, now: () => number = Date.now) {
    this.#source = source;
    this.#now = now;
  }

  /**
   * Whether a call becomes a task.
   * @throws ToolError or ProtocolError -32021 when it has to, and the client knows no tasks
   */
  isWanted({ task }: ToolOptions, exchange: Exchange): boolean {
    if (task === undefined) return false;
    if (knowsTasks(exchange)) return true;
    if (task === 'optional') return false;
    if (exchange.era === '2026') throw missingExtension();
    throw new ToolError('This tool takes long and answers by a task, which this client does not know.', {
      code: 'TASKS_UNSUPPORTED',
      hint: 'Tell the user: it has to be called from a client of 2026-07-28 with the tasks extension.',
    });
  }

  /**
   * Makes a call a task; when it resolves, `tasks/get` finds it.
   * @param state - Of the run in the call itself, if there was one
   */
  async begin(
    exchange: Exchange,
    auth: Auth | undefined,
    tool: string,
    values: TaskRecord['values'],
    state?: string,
  ): Promise<Record<string, unknown>> {
    const now = this.#now();
    const { meta, client, capabilities } = exchange;
    const task = await createTask(await this.#source.store, randomUUID(), {
      status: 'working',
      created: now,
      updated: now,
      alive: now + LOST_MS,
      owner: ownerOf(auth),
      tool,
      values,
      meta,
      client,
      capabilities,
      state,
      round: 0,
      questions: {},
      answers: {},
    });
    void this.#run(task, exchange.headers, auth);
    return { resultType: 'task', ...taskOnWire(task) };
  }

  /** Answers `tasks/get`. */
  async get(id: string, exchange: Exchange, auth: Auth | undefined): Promise<Record<string, unknown>> {
    await this.#mine(id, exchange, auth);
    const found = await this.#change(id, (record) =>
      record.status === 'working' && record.alive < this.#now() ? failure(LOST) : undefined,
    );
    if (!found) throw unknownTask();
    return detailedTaskOnWire(found.task);
  }

  /** Answers `tasks/update`: the method goes on when its last question is answered. */
  async update(id: string, given: InputResponses, exchange: Exchange, auth: Auth | undefined): Promise<void> {
    await this.#mine(id, exchange, auth);
    const updated = await this.#change(id, (record) => {
      const fitting = record.status === 'input_required' ? fittingAnswers(record, given) : {};
      if (Object.keys(fitting).length === 0) return undefined;
      const open = Object.entries(record.questions).filter(([key]) => !(key in fitting));
      return {
        answers: { ...record.answers, ...fitting },
        questions: Object.fromEntries(open),
        ...(open.length === 0 && { status: 'working' as const, alive: this.#now() + LOST_MS }),
      };
    });
    if (updated?.changed === true && updated.task.record.status === 'working') {
      void this.#run(updated.task, exchange.headers, auth);
    }
  }

  /** Answers `tasks/cancel`; of a task that is over it changes nothing. */
  async cancel(id: string, exchange: Exchange, auth: Auth | undefined): Promise<void> {
    await this.#mine(id, exchange, auth);
    await this.#change(id, (record) =>
      isOver(record) ? undefined : { status: 'cancelled', questions: {}, answers: {} },
    );
    this.#running.get(id)?.abort(CANCELLED);
  }

  async mine(ids: readonly string[], authInfo: AuthInfo | undefined): Promise<readonly string[]> {
    const auth = authOf(authInfo) ?? this.#source.principal;
    const known = await Promise.all(ids.map((id) => this.#owned(id, auth).then(Boolean, () => false)));
    return ids.filter((_, index) => known[index]);
  }

  follow(ids: readonly string[], tell: (task: Record<string, unknown>) => void): () => void {
    const told = new Map<string, number>();
    const look = async (id: string): Promise<void> => {
      const found = await readTask(await this.#source.store, id);
      if (!found || found.version <= (told.get(id) ?? 0)) return; // another look was faster
      told.set(id, found.version);
      tell(detailedTaskOnWire(found));
    };
    const follow = (id: string): void => void look(id).catch(() => undefined); // the client may still ask itself
    const end = followTasks(this.#source.bus, (id) => {
      if (ids.includes(id)) follow(id);
    });
    ids.forEach(follow);
    return end;
  }

  /** Changes a task, and tells its followers. */
  async #change(
    id: string,
    change: (record: TaskRecord) => Partial<TaskRecord> | undefined,
  ): ReturnType<typeof changeTask> {
    const found = await changeTask(await this.#source.store, id, this.#now, change);
    if (found?.changed === true) publishTask(this.#source.bus, id);
    return found;
  }

  /** @throws ProtocolError -32021 without the extension, -32602 for what is not a task of the caller */
  async #mine(id: string, exchange: Exchange, auth: Auth | undefined): Promise<void> {
    if (!knowsTasks(exchange)) throw missingExtension();
    if (!(await this.#owned(id, auth))) throw unknownTask();
  }

  /** @throws ProtocolError when the caller may not see the tool any more: then it gives no results either */
  async #owned(id: string, auth: Auth | undefined): Promise<boolean> {
    const found = await readTask(await this.#source.store, id);
    if (!found || found.record.owner !== ownerOf(auth)) return false;
    this.#source.offer.tool(found.record.tool, auth);
    return true;
  }

  /** Runs the method once, to its end or its next question. */
  async #run({ id, record }: KeptTask, headers: Headers | undefined, auth: Auth | undefined): Promise<void> {
    const { calls, shared } = this.#source;
    const call = new Call();
    this.#running.set(id, call);
    const beat = setInterval(() => void this.#beat(id, call), BEAT_MS).unref();
    try {
      const outcome = await calls.run(call, () => this.#outcome(id, call, record, headers, auth));
      await this.#change(id, (current) => (isOver(current) ? undefined : outcome));
    } catch (error) {
      shared.writeLog('error', `the task ${id} could not be kept`, { cause: String(error) });
    } finally {
      clearInterval(beat);
      this.#running.delete(id);
    }
  }

  async #outcome(
    id: string,
    call: Call,
    record: TaskRecord,
    headers: Headers | undefined,
    auth: Auth | undefined,
  ): Promise<Partial<TaskRecord>> {
    const { dispatch, shared } = this.#source;
    const { tool, values } = record;
    const tell = (message: string): void => void this.#tell(id, message);
    const exchange = new TaskExchange(id, record, headers, tell);
    const source = { exchange, call, auth, subject: [tool, values], shared: { ...shared, sealer: TASK_STATE } };
    try {
      const result = await dispatch.callTool(tool, values, createContext(source));
      return ended(result);
    } catch (error) {
      if (!(error instanceof Suspension)) return failure(errorOnWire(error));
      const { requestState, inputRequests = {} } = error.result;
      return {
        status: 'input_required',
        state: requestState,
        round: record.round + 1,
        questions: inputRequests,
        answers: {},
      };
    }
  }

  /** Says that the task is still being worked on, and stops it when somebody has cancelled it elsewhere. */
  async #beat(id: string, call: Call): Promise<void> {
    try {
      const now = this.#now();
      const found = await changeTask(await this.#source.store, id, this.#now, (record) =>
        record.status === 'working' && record.alive < now + LOST_MS / 2
          ? { alive: now + LOST_MS, updated: record.updated }
          : undefined,
      );
      if (found?.task.record.status !== 'working') call.abort(CANCELLED);
    } catch {} // the next one may reach the store
  }

  async #tell(id: string, statusMessage: string): Promise<void> {
    try {
      await this.#change(id, ({ status }) => (status === 'working' ? { statusMessage } : undefined));
    } catch {} // nobody waits for it
  }
}

const CANCELLED = new DOMException('The client cancelled the task.', 'AbortError');

const LOST = {
  code: ProtocolErrorCode.InternalError,
  message: 'The process that worked on the task has ended. Look at what was done before you call the tool again.',
};

function failure(error: NonNullable<TaskRecord['error']>): Partial<TaskRecord> {
  return { status: 'failed', error };
}

/** A tool that says what went wrong has completed; what the server could not answer has failed. */
function ended(result: CallToolResult): Partial<TaskRecord> {
  const problem = result._meta?.['mortise/error'] as Problem | undefined;
  if (problem?.incident === undefined && problem?.code !== 'CANCELLED') return { status: 'completed', result };
  const message = [problem.message, problem.hint].filter(Boolean).join(' ');
  return failure({ code: ProtocolErrorCode.InternalError, message, data: problem });
}

function errorOnWire(error: unknown): NonNullable<TaskRecord['error']> {
  if (error instanceof ProtocolError) {
    return { code: error.code, message: error.message, ...(error.data !== undefined && { data: error.data }) };
  }
  return { code: ProtocolErrorCode.InternalError, message: 'The server failed to answer.' };
}

function ownerOf(auth: Auth | undefined): string {
  return JSON.stringify([auth?.client ?? null, auth?.subject ?? null]);
}

function knowsTasks({ era, capabilities }: Exchange): boolean {
  return era === '2026' && capabilities?.extensions?.[TASKS_EXTENSION] !== undefined;
}

/** What a client gets that asks for tasks and does not declare the extension: -32021. */
export function missingExtension(): MissingRequiredClientCapabilityError {
  const requiredCapabilities = { extensions: { [TASKS_EXTENSION]: {} } };
  return new MissingRequiredClientCapabilityError(
    { requiredCapabilities },
    `This needs the extension ${TASKS_EXTENSION}, which the client does not declare.`,
  );
}

function unknownTask(): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown task. It may have expired; call the tool again.');
}
