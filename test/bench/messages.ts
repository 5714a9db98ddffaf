/** What the benchmark sends: the same tool call or list request in the words of each era. */
export type Era = '2026' | '2025';
export type Method = 'tools/call' | 'tools/list';

const CLIENT = { name: 'bench', version: '1.0.0' };

/** A call of a tool, as `params` of the request. */
export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

const ADD: ToolCall = { name: 'add', arguments: { a: 2, b: 3 } };

/** The message of one request. */
export function message(era: Era, method: Method, id: number, call: ToolCall = ADD): object {
  const params = method === 'tools/call' ? call : {};
  return { jsonrpc: '2.0', id, method, params: era === '2026' ? { ...params, _meta: envelope() } : params };
}

/** The headers that go with it. */
export function headers(era: Era, method: Method, { name }: ToolCall = ADD): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(era === '2025' && { 'mcp-protocol-version': '2025-11-25' }),
    ...(era === '2026' && { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method }),
    ...(era === '2026' && method === 'tools/call' && { 'mcp-name': name }),
  };
}

/** What opens a connection of 2025. */
export const INITIALIZE: object = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: CLIENT },
};

export const INITIALIZED: object = { jsonrpc: '2.0', method: 'notifications/initialized' };

function envelope(): object {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': CLIENT,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
}

/** What a right answer to a call contains, whether it is JSON inside of JSON or not. */
export const RIGHT_ANSWER: Readonly<Record<Method, RegExp>> = {
  'tools/call': /\\?"sum\\?":5\b/,
  'tools/list': /"name":"add"/,
};
