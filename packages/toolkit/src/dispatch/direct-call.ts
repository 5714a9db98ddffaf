import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  type AuthInfo,
  type CallToolResult,
  type ClientCapabilities,
  type Implementation,
  type ServerContext,
} from '@modelcontextprotocol/server';

import type { Era } from '../context/context.ts';
import { type Exchange, wantsLog } from '../context/exchange.ts';
import { Call } from './calls.ts';

const ENVELOPE: ReadonlySet<string> = new Set([
  PROTOCOL_VERSION_META_KEY,
  CLIENT_INFO_META_KEY,
  CLIENT_CAPABILITIES_META_KEY,
  LOG_LEVEL_META_KEY,
]);

/** A `tools/call` as a transport read it: nothing about it is unusual. */
export interface DirectRequest {
  readonly id: string | number;
  readonly era: Era;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>> | undefined;
  readonly meta: Readonly<Record<string, unknown>> | undefined;
}

/** What a transport knows of the client. */
export interface Peer {
  readonly client: Implementation | undefined;
  readonly capabilities: ClientCapabilities | undefined;
  /** HTTP headers, when somebody asks for them. */
  readonly headers?: () => Headers;
  readonly authInfo?: AuthInfo | undefined;
}

/** Where the answer of a direct call goes. */
export interface DirectWire {
  /** Writes the answer, a JSON-RPC message. */
  answer(text: string): void;
  /** Gives the request to the SDK, which adopts the running call; resolves when the SDK is done with it. */
  handOver(call: DirectCall): Promise<unknown>;
}

/** Finds the direct call that a request was handed over from. */
export type Adopt = (request: ServerContext) => DirectCall | undefined;

/**
 * A call that a transport began without the SDK. Nearly every call is a question and an answer, for which the SDK has
 * nothing to add. One that wants to reach the client before its answer, or ends in anything but a plain result, is
 * handed over while it runs: the SDK reads the request as it would have at first, and its handler gets this call.
 */
export class DirectCall implements Exchange {
  readonly method = 'tools/call';
  readonly inputResponses: undefined;
  readonly requestState: undefined;
  readonly call: Call = new Call();
  readonly #request: DirectRequest;
  readonly #peer: Peer;
  readonly #wire: DirectWire;
  #outcome: Promise<CallToolResult> | undefined;
  #sdk: PromiseWithResolvers<ServerContext> | undefined;

  constructor(request: DirectRequest, peer: Peer, wire: DirectWire) {
    this.#request = request;
    this.#peer = peer;
    this.#wire = wire;
  }

  get id(): string | number {
    return this.#request.id;
  }
  get meta(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(this.#request.meta ?? {}).filter(([name]) => !ENVELOPE.has(name)));
  }
  get era(): Era {
    return this.#request.era;
  }
  get client(): Implementation | undefined {
    return this.#peer.client;
  }
  get capabilities(): ClientCapabilities | undefined {
    return this.#peer.capabilities;
  }
  get headers(): Headers | undefined {
    return this.#peer.headers?.();
  }
  get progressToken(): string | number | undefined {
    return this.#request.meta?.['progressToken'] as string | number | undefined;
  }
  get wantsLog(): boolean {
    return wantsLog(this.era, this.#request.meta);
  }

  reach(): Promise<ServerContext> {
    if (!this.#sdk) {
      const sdk = (this.#sdk = Promise.withResolvers<ServerContext>());
      sdk.promise.catch(ignore); // who waits for it hears of it
      const refuse = (): void => sdk.reject(new Error('The request could not be handed over.'));
      this.call.signal.addEventListener('abort', refuse);
      this.#wire.handOver(this).then(refuse, refuse); // too late to matter when it was adopted
    }
    return this.#sdk.promise;
  }

  /** The SDK has read the request: from now on it answers. */
  adoptedBy(request: ServerContext): Promise<CallToolResult> | undefined {
    this.call.follow(request.mcpReq.signal);
    this.#sdk?.resolve(request);
    return this.#outcome;
  }

  /**
   * Waits for the outcome and writes it, unless that is the SDK's affair.
   * @param encode - The text of the answer; undefined for a result that the SDK has to judge
   */
  async settle(
    outcome: Promise<CallToolResult>,
    encode: (request: DirectRequest, result: CallToolResult) => string | undefined,
  ): Promise<void> {
    this.#outcome = outcome;
    try {
      const result = await outcome;
      const text = this.#sdk ? undefined : encode(this.#request, result);
      if (text !== undefined) return this.#wire.answer(text);
    } catch {} // an error of the protocol or a question: the SDK knows how to tell it
    this.reach().catch(ignore);
  }
}

function ignore(): void {}
