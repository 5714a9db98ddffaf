import { CLIENT_CAPABILITIES_META_KEY, type RequestId } from '@modelcontextprotocol/server';

import { TASKS_EXTENSION } from '../tasks/task-record.ts';
import { missingExtension } from '../tasks/tasks.ts';

/** Tasks that one subscription is told of; of more the acknowledgement says that it is not. */
const MOST = 100;

/** The parts of `subscriptions/listen` that are about tasks (SEP-2663, "Task Status Notifications"). */
interface Listen {
  readonly id: RequestId;
  readonly method?: unknown;
  readonly params?: {
    readonly _meta?: Readonly<Record<string, unknown>>;
    readonly notifications?: { readonly taskIds?: unknown; readonly [filter: string]: unknown };
  };
}

/** What a client asks to be told of its tasks. */
export interface TaskListen {
  /** Of the request, and so of the subscription. */
  readonly id: RequestId;
  readonly taskIds: readonly string[];
  /** What to answer where the client does not declare the extension. */
  readonly refusal: object | undefined;
  /** The request without the tasks, as the SDK knows it. */
  readonly message: Listen;
}

/** What a message asks to be told of tasks; undefined when it is another, or nothing to make sense of. */
export function taskListenOf(message: unknown): TaskListen | undefined {
  const listen = message as Listen | null | undefined;
  if (listen?.method !== 'subscriptions/listen') return undefined;
  const { _meta: meta, notifications } = listen.params ?? {};
  const capabilities = meta?.[CLIENT_CAPABILITIES_META_KEY] as { extensions?: Record<string, unknown> } | undefined;
  const { taskIds, ...others } = notifications ?? {};
  // without capabilities it is not of 2026, and the SDK says so
  if (capabilities === undefined || !Array.isArray(taskIds)) return undefined;
  const { code, message: text, data } = missingExtension();
  const isDeclared = capabilities.extensions?.[TASKS_EXTENSION] !== undefined;
  return {
    id: listen.id,
    taskIds: taskIds.filter((id) => typeof id === 'string').slice(0, MOST),
    refusal: isDeclared ? undefined : { jsonrpc: '2.0', id: listen.id, error: { code, message: text, data } },
    message: { ...listen, params: { ...listen.params, notifications: others } },
  };
}
