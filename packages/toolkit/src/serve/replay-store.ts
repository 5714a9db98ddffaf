import type { EventId, EventStore, JSONRPCMessage, StreamId } from '@modelcontextprotocol/server';

/** What the store of all sessions together keeps at most. */
export interface ReplayLimits {
  readonly events: number;
  /** Length of the messages as JSON, in UTF-16 code units. */
  readonly characters: number;
}

/** The events of one session. */
export interface SessionEvents extends EventStore {
  /** Forgets them. */
  clear(): void;
}

interface StoredEvent {
  readonly session: Set<StoredEvent>;
  readonly stream: StreamId;
  readonly sequence: number;
  readonly json: string;
}

/**
 * The events that a 2025 client may ask for again with `Last-Event-ID` after its connection broke. One bound for all
 * sessions together, the oldest event goes first; a session sees its own events only. An event's id names its stream,
 * so that a client whose last event is gone gets what is left instead of an error that it can do nothing about.
 */
export class ReplayStore {
  readonly #limits: ReplayLimits;
  /** In the order of their arrival. */
  readonly #events = new Set<StoredEvent>();
  #characters = 0;

  constructor(limits: ReplayLimits) {
    this.#limits = limits;
  }

  /** How many events are stored. */
  get size(): number {
    return this.#events.size;
  }

  /** The store as one session sees it. */
  session(): SessionEvents {
    const session = new Set<StoredEvent>();
    let sequence = 0;
    return {
      storeEvent: (stream, message) => {
        sequence += 1;
        this.#add({ session, stream, sequence, json: JSON.stringify(message) });
        return Promise.resolve(eventId(sequence, stream));
      },
      getStreamIdForEventId: (id) => Promise.resolve(parseEventId(id)?.stream),
      replayEventsAfter: async (id, { send }) => {
        const last = parseEventId(id);
        if (!last) throw new Error('Not an event of this server.');
        for (const event of session) {
          if (event.stream !== last.stream || event.sequence <= last.sequence) continue;
          await send(eventId(event.sequence, event.stream), JSON.parse(event.json) as JSONRPCMessage);
        }
        return last.stream;
      },
      clear: () => {
        for (const event of session) this.#remove(event);
      },
    };
  }

  #add(event: StoredEvent): void {
    this.#events.add(event);
    event.session.add(event);
    this.#characters += event.json.length;
    for (const oldest of this.#events) {
      if (this.#events.size <= this.#limits.events && this.#characters <= this.#limits.characters) return;
      this.#remove(oldest);
    }
  }

  #remove(event: StoredEvent): void {
    if (!this.#events.delete(event)) return;
    event.session.delete(event);
    this.#characters -= event.json.length;
  }
}

function eventId(sequence: number, stream: StreamId): EventId {
  return `${sequence}.${stream}`;
}

function parseEventId(id: EventId): { readonly sequence: number; readonly stream: StreamId } | undefined {
  const [, sequence, stream] = /^(\d{1,15})\.(.+)$/u.exec(id) ?? [];
  return sequence !== undefined && stream !== undefined ? { sequence: Number(sequence), stream } : undefined;
}
