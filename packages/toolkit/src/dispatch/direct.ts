import { SERVER_INFO_META_KEY, type AuthInfo, type CallToolResult, type Tool } from '@modelcontextprotocol/server';

import { authOf } from '../auth/principal.ts';
import type { Auth, Era } from '../context/context.ts';
import { createContext } from '../context/create-context.ts';
import type { ConnectSource } from './connect.ts';
import type { Listings } from './listings.ts';
import { pageOf } from './pages.ts';
import { DirectCall, type DirectRequest, type DirectWire, type Peer } from './direct-call.ts';

/** What the tools that a caller sees are on the wire. */
interface Prepared {
  /** The names of those whose calls no header has to be compared with. */
  readonly callable: ReadonlySet<string>;
  /** The result of `tools/list` as text, where the SDK would send the same. */
  readonly lists: Readonly<Record<Era, string | undefined>>;
}

/**
 * Answers the two requests that make up nearly all traffic, `tools/call` and `tools/list`, with the same dispatch and
 * the same listings as the SDK's server gets, and without a server, a transport and a validation of our own answers for
 * each. The transports give it only requests that leave nothing to judge.
 */
export class Direct {
  readonly #source: ConnectSource;
  /** By what a caller sees: the same listings are prepared once. */
  readonly #prepared = new WeakMap<Listings, Prepared>();
  /** What the SDK adds to every result of 2026. */
  readonly #stamp: object;
  /** The same as text, without the brace that opens it. */
  readonly #stampText: string;

  constructor(source: ConnectSource) {
    this.#source = source;
    this.#stamp = { resultType: 'complete', _meta: { [SERVER_INFO_META_KEY]: source.information } };
    this.#stampText = JSON.stringify(this.#stamp).slice(1);
  }

  /** The answer to `tools/list`; undefined when the SDK has to give it. */
  list(id: string | number, era: Era, authInfo?: AuthInfo): string | undefined {
    const list = this.#prepare(this.#callerOf(authInfo)).lists[era];
    return list && `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${list}}`;
  }

  /** Begins a call; undefined when the SDK has to make it. */
  begin(request: DirectRequest, peer: Peer, wire: DirectWire): DirectCall | undefined {
    const { calls, dispatch, offer } = this.#source;
    const { name, values } = request;
    const { authInfo } = peer;
    const auth = this.#callerOf(authInfo);
    if (!this.#prepare(auth).callable.has(name)) return undefined;
    // what may become a task is no question and answer
    if (offer.hasTasks && offer.tool(name, auth).options.task !== undefined) return undefined;
    // what the caller lacks scopes for is the SDK's to refuse: over HTTP that is a challenge
    if (offer.limited && offer.lacking({ method: 'tools/call', params: { name } }, auth)) return undefined;
    const direct = new DirectCall(request, peer, wire);
    const source = { exchange: direct, call: direct.call, auth, subject: [name, values], shared: this.#source };
    void direct.settle(
      calls.run(direct.call, () => dispatch.callTool(name, values, createContext(source))),
      this.#encode,
    );
    return direct;
  }

  #callerOf(authInfo: AuthInfo | undefined): Auth | undefined {
    return authOf(authInfo) ?? this.#source.principal;
  }

  #prepare(caller: Auth | undefined): Prepared {
    const listings = this.#source.offer.listings(caller);
    let prepared = this.#prepared.get(listings);
    if (!prepared) this.#prepared.set(listings, (prepared = prepare(listings, this.#source, this.#stamp)));
    return prepared;
  }

  readonly #encode = ({ id, era }: DirectRequest, result: CallToolResult): string | undefined => {
    if ('resultType' in result || !result.content.every(isText)) return undefined;
    const { _meta: meta } = result;
    if (era === '2025') return JSON.stringify({ jsonrpc: '2.0', id, result });
    if (meta === undefined) {
      return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result).slice(0, -1)},${this.#stampText}}`;
    }
    const stamped = {
      ...result,
      resultType: 'complete',
      _meta: { ...meta, [SERVER_INFO_META_KEY]: this.#source.information },
    };
    return JSON.stringify({ jsonrpc: '2.0', id, result: stamped });
  };
}

function prepare({ tools: all }: Listings, { pageSize, cacheHints }: ConnectSource, stamp: object): Prepared {
  const { items: tools, ...more } = pageOf(all, ({ name }) => name, pageSize, undefined);
  // clients of 2025 get another form of such tools, which the SDK makes
  const same = tools.every(({ outputSchema }) => !outputSchema || outputSchema['type'] === 'object');
  const { ttlMs = 0, cacheScope = 'private' } = cacheHints['tools/list'] ?? {};
  return {
    callable: new Set(all.filter((tool) => !isMirrored(tool)).map(({ name }) => name)),
    lists: {
      '2026': tools.length > 0 ? JSON.stringify({ tools, ...more, ttlMs, cacheScope, ...stamp }) : undefined,
      '2025': tools.length > 0 && same ? JSON.stringify({ tools, ...more }) : undefined,
    },
  };
}

/** Whether headers repeat arguments of the tool (SEP-2243): the SDK compares them. */
function isMirrored({ inputSchema }: Tool): boolean {
  return JSON.stringify(inputSchema).includes('"x-mcp-header"');
}

/** Content of our own making; what an author gives as content is for the SDK to validate. */
function isText(block: CallToolResult['content'][number]): boolean {
  return block.type === 'text' && typeof block.text === 'string' && Object.keys(block).length === 2;
}
