import { type AuthInfo, type RequestId, SUBSCRIPTION_ID_META_KEY } from '@modelcontextprotocol/server';

import type { TaskFeed } from '../tasks/task-feed.ts';
import { taskListenOf, type TaskListen } from './task-listen.ts';

/** A notification on the stream of a subscription. */
interface Told {
  readonly method?: string;
  readonly params?: { readonly notifications?: Readonly<Record<string, unknown>> };
}

const FRAME = 'event: message\ndata: ';

/**
 * Answers `subscriptions/listen` with the SDK's stream and, where the client asks for it, with what becomes of its tasks.
 * @param listen - The SDK, which knows no tasks
 */
export async function listenToTasks(
  feed: TaskFeed,
  message: unknown,
  authInfo: AuthInfo | undefined,
  listen: (message: unknown) => Promise<Response>,
): Promise<Response> {
  const asked = taskListenOf(message);
  if (!asked) return listen(message);
  if (asked.refusal) return Response.json(asked.refusal, { status: 400 });
  const taskIds = await feed.mine(asked.taskIds, authInfo);
  if (taskIds.length === 0) return listen(asked.message);
  const response = await listen(keptOpen(asked));
  const { body, headers } = response;
  if (!body || headers.get('content-type') !== 'text/event-stream') return response;
  return new Response(withTasks(body, feed, asked, taskIds), { headers });
}

/** The SDK ends a stream that is told of nothing it knows: something has to be asked for. */
function keptOpen({ message }: TaskListen): unknown {
  const { params } = message;
  return { ...message, params: { ...params, notifications: { ...params?.notifications, toolsListChanged: true } } };
}

function withTasks(
  body: ReadableStream<Uint8Array>,
  feed: TaskFeed,
  { id, message }: TaskListen,
  taskIds: readonly string[],
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const asksForTools = message.params?.notifications?.['toolsListChanged'] === true;
  let end: (() => void) | undefined;
  return new ReadableStream({
    async pull(controller) {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          end?.();
          return controller.close();
        }
        const told = toldBy(value);
        if (told?.method === 'notifications/tools/list_changed' && !asksForTools) continue;
        if (told?.method !== 'notifications/subscriptions/acknowledged') return controller.enqueue(value);
        const { toolsListChanged, ...others } = told.params?.notifications ?? {};
        const notifications = { ...others, ...(asksForTools && { toolsListChanged }), taskIds };
        controller.enqueue(frame(id, told.method, { notifications }));
        end = feed.follow(taskIds, (task) => controller.enqueue(frame(id, 'notifications/tasks', task)));
        return undefined;
      }
    },
    cancel(reason) {
      end?.();
      return reader.cancel(reason);
    },
  });
}

/** The notification in a piece of the SDK's stream; undefined where there is none, as in a sign of life. */
function toldBy(piece: Uint8Array): Told | undefined {
  const text = Buffer.from(piece).toString();
  return text.startsWith(FRAME) ? (JSON.parse(text.slice(FRAME.length)) as Told) : undefined;
}

function frame(id: RequestId, method: string, params: Readonly<Record<string, unknown>>): Uint8Array {
  const told = { jsonrpc: '2.0', method, params: { ...params, _meta: { [SUBSCRIPTION_ID_META_KEY]: id } } };
  return Buffer.from(`${FRAME}${JSON.stringify(told)}\n\n`);
}
