import type { AuthInfo, ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';

/** Tells clients of their tasks while they go on (SEP-2663, "Task Status Notifications"). */
export interface TaskFeed {
  /** Those of the ids that are tasks of the caller; of the others it is not told that they exist. */
  mine(ids: readonly string[], authInfo: AuthInfo | undefined): Promise<readonly string[]>;
  /**
   * Tells how the tasks are, now and after every change: what `tasks/get` would answer.
   * @param ids - As `mine` gave them
   * @returns what ends it
   */
  follow(ids: readonly string[], tell: (task: Record<string, unknown>) => void): () => void;
}

/** A change of a task, among the changes of lists and resources that the processes of a server tell each other. */
interface TaskChanged {
  readonly kind: 'task_changed';
  readonly taskId: string;
}

/** Says that a task has changed, in whatever process its followers are. */
export function publishTask(bus: ServerEventBus, taskId: string): void {
  const event: TaskChanged = { kind: 'task_changed', taskId };
  bus.publish(event as unknown as ServerEvent); // the SDK's own listeners pass over kinds that they do not know
}

/** Calls `changed` with the id of every task that changes; returns what ends it. */
export function followTasks(bus: ServerEventBus, changed: (taskId: string) => void): () => void {
  return bus.subscribe((event) => {
    const { kind, taskId } = event as unknown as TaskChanged;
    if (kind === 'task_changed') changed(taskId);
  });
}
