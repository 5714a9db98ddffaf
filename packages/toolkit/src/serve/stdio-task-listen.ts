import {
  isJSONRPCNotification,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type RequestId,
  SUBSCRIPTION_ID_META_KEY,
} from '@modelcontextprotocol/server';

import type { TaskFeed } from '../tasks/task-feed.ts';
import { taskListenOf } from './task-listen.ts';

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/** Tells a client over stdio what becomes of its tasks, beside the subscriptions that the SDK keeps. */
export class StdioTaskListen {
  readonly #feed: TaskFeed;
  readonly #write: (message: object) => void;
  /** What each subscription asked for; after its acknowledgement, what ends it. */
  readonly #asked = new Map<RequestId, readonly string[]>();
  readonly #ends = new Map<RequestId, () => void>();

  constructor(feed: TaskFeed, write: (message: object) => void) {
    this.#feed = feed;
    this.#write = write;
  }

  /** A message of the client, as the SDK may have it; undefined when it was refused. */
  received(message: JSONRPCMessage): JSONRPCMessage | undefined {
    const asked = taskListenOf(message);
    if (!asked) return message;
    if (asked.refusal) {
      this.#write(asked.refusal);
      return undefined;
    }
    this.#asked.set(asked.id, asked.taskIds);
    return asked.message as JSONRPCMessage;
  }

  /** Writes the acknowledgement of a subscription to tasks, and begins it; undefined when the message is none. */
  acknowledge(message: JSONRPCMessage): Promise<void> | undefined {
    if (!isJSONRPCNotification(message) || message.method !== ACKNOWLEDGED) return undefined;
    const id = message.params?._meta?.[SUBSCRIPTION_ID_META_KEY] as RequestId;
    const asked = this.#asked.get(id);
    return asked && this.#begin(id, asked, message);
  }

  /** The subscription is over. */
  end(id: RequestId): void {
    this.#asked.delete(id);
    this.#ends.get(id)?.();
    this.#ends.delete(id);
  }

  /** All are over. */
  close(): void {
    for (const id of this.#ends.keys()) this.end(id);
    this.#asked.clear();
  }

  async #begin(id: RequestId, asked: readonly string[], message: JSONRPCNotification): Promise<void> {
    const taskIds = await this.#feed.mine(asked, undefined);
    const { params } = message;
    const notifications = { ...(params?.['notifications'] as object | undefined), taskIds };
    this.#write({ ...message, params: { ...params, notifications } });
    if (!this.#asked.has(id)) return; // cancelled meanwhile
    const _meta = { [SUBSCRIPTION_ID_META_KEY]: id };
    const tell = (task: object): void =>
      this.#write({ jsonrpc: '2.0', method: 'notifications/tasks', params: { ...task, _meta } });
    this.#ends.set(id, this.#feed.follow(taskIds, tell));
  }
}
