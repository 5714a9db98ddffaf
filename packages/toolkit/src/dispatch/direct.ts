import { SERVER_INFO_META_KEY, type CallToolResult } from '@modelcontextprotocol/server';

import type { Era } from '../context/context.ts';
import { createContext } from '../context/create-context.ts';
import type { ConnectSource } from './connect.ts';
import { DirectCall, type DirectRequest, type DirectWire, type Peer } from './direct-call.ts';

/**
 * Answers the two requests that make up nearly all traffic, `tools/call` and `tools/list`, with the same dispatch and
 * the same listings as the SDK's server gets, and without a server, a transport and a validation of our own answers for
 * each. The transports give it only requests that leave nothing to judge.
 */
export class Direct {
  readonly #source: ConnectSource;
  /** The tools whose calls no header has to be compared with. */
  readonly #tools: ReadonlySet<string>;
  readonly #lists: Readonly<Record<Era, string | undefined>>;
  /** What the SDK adds to every result of 2026, without the brace that opens it. */
  readonly #stamp: string;

  constructor(source: ConnectSource) {
    this.#source = source;
    const { tools } = source.listings;
    this.#tools = new Set(
      tools
        .filter(({ inputSchema }) => !JSON.stringify(inputSchema).includes('"x-mcp-header"'))
        .map(({ name }) => name),
    );
    const stamp = { resultType: 'complete', _meta: { [SERVER_INFO_META_KEY]: source.information } };
    this.#stamp = JSON.stringify(stamp).slice(1);
    // clients of 2025 get another form of such tools, which the SDK makes
    const plain = tools.every(({ outputSchema }) => !outputSchema || outputSchema['type'] === 'object');
    this.#lists = {
      '2026': tools.length > 0 ? JSON.stringify({ tools, ttlMs: 0, cacheScope: 'private', ...stamp }) : undefined,
      '2025': tools.length > 0 && plain ? JSON.stringify({ tools }) : undefined,
    };
  }

  /** The answer to `tools/list`; undefined when the SDK has to give it. */
  list(id: string | number, era: Era): string | undefined {
    const list = this.#lists[era];
    return list && `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${list}}`;
  }

  /** Begins a call; undefined when the SDK has to make it. */
  begin(request: DirectRequest, peer: Peer, wire: DirectWire): DirectCall | undefined {
    if (!this.#tools.has(request.name)) return undefined;
    const { calls, dispatch } = this.#source;
    const direct = new DirectCall(request, peer, wire);
    const { name, values } = request;
    const source = { exchange: direct, call: direct.call, subject: [name, values], shared: this.#source };
    void direct.settle(
      calls.run(direct.call, () => dispatch.callTool(name, values, createContext(source))),
      this.#encode,
    );
    return direct;
  }

  readonly #encode = ({ id, era }: DirectRequest, result: CallToolResult): string | undefined => {
    if ('resultType' in result || !result.content.every(isText)) return undefined;
    const { _meta: meta } = result;
    if (era === '2025') return JSON.stringify({ jsonrpc: '2.0', id, result });
    if (meta === undefined) {
      return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result).slice(0, -1)},${this.#stamp}}`;
    }
    const stamped = {
      ...result,
      resultType: 'complete',
      _meta: { ...meta, [SERVER_INFO_META_KEY]: this.#source.information },
    };
    return JSON.stringify({ jsonrpc: '2.0', id, result: stamped });
  };
}

/** Content of our own making; what an author gives as content is for the SDK to validate. */
function isText(block: CallToolResult['content'][number]): boolean {
  return block.type === 'text' && typeof block.text === 'string' && Object.keys(block).length === 2;
}
