import type {
  CallToolResult,
  ClientCapabilities,
  Implementation,
  InputRequest,
  ServerContext,
} from '@modelcontextprotocol/server';

import type { StoredTask, TaskStore } from './task-store.ts';

/** The extension by which clients and servers speak of tasks (SEP-2663). */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** For how long a task is kept after its last change, in milliseconds. */
const KEPT_MS: number = 60 * 60 * 1_000;

/** How long a client should wait before it asks again, in milliseconds. */
const POLL_MS = 1_000;

/** What `inputResponses` of a request hold. */
export type InputResponses = NonNullable<ServerContext['mcpReq']['inputResponses']>;

/** What is known of one task. Only plain data: another process may go on with it. */
export interface TaskRecord {
  readonly status: 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';
  readonly statusMessage?: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
  /** While it is working: until when the process that runs it has to say that it still does. */
  readonly alive: number;
  /** Who began it; nobody else is told that it exists. */
  readonly owner: string;
  readonly tool: string;
  readonly values: Readonly<Record<string, unknown>> | undefined;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly client: Implementation | undefined;
  readonly capabilities: ClientCapabilities | undefined;
  /** Steps and answers so far, for the next run of the method. */
  readonly state?: string | undefined;
  /** How often the method has asked; part of the keys of questions, so that no key is used twice. */
  readonly round: number;
  /** Questions that are not answered yet, and the answers that the next run needs. */
  readonly questions: Readonly<Record<string, InputRequest>>;
  readonly answers: InputResponses;
  readonly result?: CallToolResult;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A record with the version it has in the store. */
export interface KeptTask {
  readonly id: string;
  readonly version: number;
  readonly expires: number;
  readonly record: TaskRecord;
}

/** Nothing will change any more. */
export function isOver({ status }: TaskRecord): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** Keeps a new task. */
export async function createTask(store: TaskStore, id: string, record: TaskRecord): Promise<KeptTask> {
  const kept = { id, version: 1, expires: record.created + KEPT_MS, record };
  await store.create(stored(kept));
  return kept;
}

/** The task, unless there is none. */
export async function readTask(store: TaskStore, id: string): Promise<KeptTask | undefined> {
  const found = await store.read(id);
  return found && { ...found, record: JSON.parse(found.content) as TaskRecord };
}

/**
 * Changes a task, whoever else changes it at the same time.
 * @param change - Undefined leaves the task as it is; it is asked again when the task has changed meanwhile
 * @returns the task as it is now; undefined when it is gone
 */
export async function changeTask(
  store: TaskStore,
  id: string,
  now: () => number,
  change: (record: TaskRecord) => Partial<TaskRecord> | undefined,
): Promise<{ readonly task: KeptTask; readonly changed: boolean } | undefined> {
  for (;;) {
    const found = await readTask(store, id);
    if (!found) return undefined;
    const changes = change(found.record);
    if (!changes) return { task: found, changed: false };
    const record = { ...found.record, updated: now(), ...changes };
    const next = { id, version: found.version + 1, expires: now() + KEPT_MS, record };
    if (await store.replace(stored(next))) return { task: next, changed: true };
  }
}

/** A task as clients see it, without what only `tasks/get` tells. */
export function taskOnWire({ id, expires, record }: KeptTask): Record<string, unknown> {
  const { status, statusMessage, created, updated } = record;
  return {
    taskId: id,
    status,
    ...(statusMessage !== undefined && { statusMessage }),
    createdAt: new Date(created).toISOString(),
    lastUpdatedAt: new Date(updated).toISOString(),
    ttlMs: expires - created,
    pollIntervalMs: POLL_MS,
  };
}

/** A task with its questions, its result or its error: what `tasks/get` answers. */
export function detailedTaskOnWire(task: KeptTask): Record<string, unknown> {
  const { status, round, questions, result, error } = task.record;
  const asked = Object.entries(questions).map(([key, question]) => [keyOf(round, key), question]);
  return {
    ...taskOnWire(task),
    ...(status === 'input_required' && { inputRequests: Object.fromEntries(asked) }),
    ...(status === 'completed' && { result }),
    ...(status === 'failed' && { error }),
  };
}

/** What of a client's answers belongs to questions that are open. */
export function fittingAnswers({ round, questions }: TaskRecord, given: InputResponses): InputResponses {
  const fitting = Object.keys(questions)
    .filter((key) => Object.hasOwn(given, keyOf(round, key)))
    .map((key) => [key, given[keyOf(round, key)]]);
  return Object.fromEntries(fitting) as InputResponses;
}

function keyOf(round: number, key: string): string {
  return `${round}.${key}`;
}

function stored({ id, version, expires, record }: KeptTask): StoredTask {
  return { id, version, expires, content: JSON.stringify(record) };
}
