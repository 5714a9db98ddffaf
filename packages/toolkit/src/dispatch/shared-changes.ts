import { InMemoryServerEventBus, type ServerEvent, type ServerEventBus } from '@modelcontextprotocol/server';
import { randomUUID } from 'node:crypto';

import type { WriteLog } from '../context/log.ts';
import type { Awaitable } from '../define/definitions.ts';

/** Carries the changes that one process announces to the other processes of the server. */
export interface ChangeChannel {
  /**
   * Sends a message to every process that listens, also to this one.
   * @param message - At most 7,900 bytes; what it says is the toolkit's affair
   */
  send(message: string): Awaitable<void>;
  /**
   * Calls `receive` with every message from now on, and with undefined when some may have been missed.
   * Resolves when it listens.
   */
  listen(receive: (message: string | undefined) => void): Awaitable<void>;
}

/** Longest URI that goes to other processes. */
const LONGEST_URI = 4_000;

/** The bus of one process, which passes everything on to the others where there is a channel. */
export class SharedChanges implements ServerEventBus {
  readonly #local = new InMemoryServerEventBus();
  readonly #origin: string = randomUUID();
  readonly #log: WriteLog;
  #channel: ChangeChannel | undefined;

  constructor(log: WriteLog) {
    this.#log = log;
  }

  /** Joins this process to those that share the channel. */
  async useChannel(channel: ChangeChannel): Promise<void> {
    this.#channel = channel;
    await channel.listen((message) => this.#receive(message));
  }

  publish(event: ServerEvent): void {
    this.#local.publish(event);
    if (this.#channel) void this.#send(this.#channel, event);
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    return this.#local.subscribe(listener);
  }

  async #send(channel: ChangeChannel, event: ServerEvent): Promise<void> {
    if (event.kind === 'resource_updated' && event.uri.length > LONGEST_URI) return;
    try {
      await channel.send(JSON.stringify([this.#origin, event]));
    } catch {
      this.#log('warning', 'a change did not reach the other processes', { change: event.kind });
    }
  }

  #receive(message: string | undefined): void {
    if (message === undefined) {
      for (const kind of ['tools_list_changed', 'prompts_list_changed', 'resources_list_changed'] as const)
        this.#local.publish({ kind });
      return;
    }
    const [origin, event] = JSON.parse(message) as [string, ServerEvent];
    if (origin !== this.#origin) this.#local.publish(event);
  }
}
