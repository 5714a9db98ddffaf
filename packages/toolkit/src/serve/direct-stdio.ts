import type { McpServer, RequestId } from '@modelcontextprotocol/server';

import type { Era } from '../context/context.ts';
import type { Adopt, DirectCall, Peer } from '../dispatch/direct-call.ts';
import type { Direct } from '../dispatch/direct.ts';
import { SmallSet } from '../dispatch/small-set.ts';
import { clientOf, plainRequest, type PlainRequest } from './plain-request.ts';

/** How a direct answer leaves, and how a request goes to the SDK after all. */
export interface StdioWire {
  answer(id: RequestId, text: string): void;
  handOver(): void;
}

/** The requests over stdio that {@link Direct} answers, once the SDK has settled the era of the connection. */
export class DirectStdio {
  readonly #direct: Direct;
  /** Calls that are neither answered nor handed over nor cancelled. */
  readonly #calls = new SmallSet<DirectCall>();
  readonly #handedOver = new Map<RequestId, DirectCall>();
  #server: McpServer | undefined;
  #era: Era | undefined;
  #settled = false;

  constructor(direct: Direct) {
    this.#direct = direct;
  }

  /** The SDK serves the connection in this era; it may still change its mind. */
  connected(era: 'modern' | 'legacy', server: McpServer): void {
    this.#era = era === 'modern' ? '2026' : '2025';
    this.#server = server;
    this.#settled = false;
  }

  /** Finds a call that was handed over, once. */
  readonly adopt: Adopt = ({ mcpReq }) => {
    const call = this.#handedOver.get(mcpReq.id);
    this.#handedOver.delete(mcpReq.id);
    return call;
  };

  /** Answers a message; false when it is the SDK's to answer. */
  answer(message: unknown, wire: StdioWire): boolean {
    const plain = this.#era && plainRequest(message);
    const peer = plain && this.#peerOf(plain);
    if (!peer) return false;
    const { id } = plain;
    if (plain.method === 'tools/list') {
      const list = this.#direct.list(id, plain.era);
      if (list !== undefined) wire.answer(id, list);
      return list !== undefined;
    }
    const call = this.#direct.begin(plain, peer, {
      answer: (text) => {
        if (call && this.#calls.delete(call)) wire.answer(id, text);
      },
      handOver: (begun) => {
        if (!this.#calls.delete(begun)) return Promise.resolve(); // cancelled
        this.#handedOver.set(id, begun);
        wire.handOver();
        return new Promise(() => {}); // the connection outlives the request
      },
    });
    if (call) this.#calls.add(call);
    return call !== undefined;
  }

  /** Cancels a call, which is not answered then; false when it is none of these. */
  cancel(id: RequestId): boolean {
    const call = [...this.#calls].find((each) => each.id === id);
    if (!call) return false;
    this.#calls.delete(call);
    call.call.abort(new DOMException('The client cancelled the call.', 'AbortError'));
    return true;
  }

  /** Who sends a request; undefined while it is the SDK's turn. */
  #peerOf(plain: PlainRequest): Peer | undefined {
    if (plain.era !== this.#era) return undefined;
    if (plain.era === '2025') {
      const server = this.#server?.server;
      if (server?.getNegotiatedProtocolVersion() === undefined) return undefined;
      return { client: server.getClientVersion(), capabilities: server.getClientCapabilities() };
    }
    // the first request besides server/discover settles the era: the SDK has to see it
    if (this.#settled) return clientOf(plain);
    this.#settled = true;
    return undefined;
  }
}
