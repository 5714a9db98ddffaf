import type { Awaitable } from '../define/definitions.ts';
import { ToolError } from '../define/errors.ts';

/** A task as a store keeps it. */
export interface StoredTask {
  /** At most 36 characters, unguessable. */
  readonly id: string;
  /** Begins at 1 and grows by one with every change. */
  readonly version: number;
  /** When it may be forgotten, in milliseconds since 1970. */
  readonly expires: number;
  /** JSON, which only the toolkit reads: arguments, state, answers and result of the call. */
  readonly content: string;
}

/** Keeps tasks for as long as clients may ask for them; a durable one lets every process of a server answer. */
export interface TaskStore {
  /** Keeps a new task; when it resolves, every process can read it. */
  create(task: StoredTask): Awaitable<void>;
  /** The task, unless it is unknown or has expired. */
  read(id: string): Awaitable<StoredTask | undefined>;
  /** Replaces a task whose stored version is one below that of `task`; resolves with false when it is another. */
  replace(task: StoredTask): Awaitable<boolean>;
}

/** Tasks that one process keeps at the same time. */
const MOST = 10_000;

/** A store for one process: its tasks end with it. */
export function memoryTaskStore(now: () => number = Date.now, most: number = MOST): TaskStore {
  const tasks = new Map<string, StoredTask>();
  const read = (id: string): StoredTask | undefined => {
    const task = tasks.get(id);
    return task && task.expires > now() ? task : undefined;
  };
  return {
    read,
    create(task) {
      if (tasks.size >= most) for (const { id } of tasks.values()) if (!read(id)) tasks.delete(id);
      if (tasks.size >= most) {
        throw new ToolError('The server keeps as many tasks as it can.', {
          code: 'TOO_MANY_TASKS',
          hint: 'Try again in some minutes.',
          retryable: true,
        });
      }
      tasks.set(task.id, task);
    },
    replace(task) {
      if (read(task.id)?.version !== task.version - 1) return false;
      tasks.set(task.id, task);
      return true;
    },
  };
}
