type Json = Record<string, unknown>;

/** The answer to one request of a 2026 client that knows tasks, as it is on the wire; an error rejects. */
export async function mcpRequest(url: string, method: string, params: Json): Promise<Json> {
  const named = params['name'] ?? params['taskId'];
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {
      elicitation: { form: {} },
      extensions: { 'io.modelcontextprotocol/tasks': {} },
    },
  };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof named === 'string' && { 'mcp-name': named }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta, ...params } }),
  });
  const { result, error } = (await response.json()) as { result?: Json; error?: { code: number; message: string } };
  if (!result) throw new Error(`${error?.code}: ${error?.message}`);
  return result;
}
