// Feasibility spike for the wire path: the SDK's own inbound classification, zod for arguments and result, no per-request server object.
import { createServer } from 'node:http';
import { classifyInboundRequest } from '@modelcontextprotocol/server';
import { z } from 'zod';
const fillers = Array.from({ length: 9 }, (_, i) => `search_things_${i}`);
const tools = new Map([
  [
    'add',
    {
      input: z.strictObject({ a: z.number(), b: z.number() }),
      output: z.object({ sum: z.number() }),
      call: async ({ a, b }) => ({ sum: a + b }),
    },
  ],
  ...fillers.map((n) => [n, {}]),
]);
const serverInfo = { name: 'spike', version: '1.0.0' };
const hosts = new Set();
let port = Number(process.env.PORT);
for (const h of ['127.0.0.1', 'localhost', '[::1]']) hosts.add(`${h}:${port}`);
const send = (res, status, value) => {
  const body = JSON.stringify(value);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  res.end(body);
};
createServer((req, res) => {
  if (!hosts.has(req.headers.host)) {
    res.writeHead(403).end();
    return;
  }
  const chunks = [];
  req.on('data', (c) => chunks.push(c));
  req.on('end', async () => {
    let body;
    try {
      body = JSON.parse(chunks.length === 1 ? chunks[0].toString() : Buffer.concat(chunks).toString());
    } catch {
      send(res, 400, { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } });
      return;
    }
    const h = req.headers;
    const route = classifyInboundRequest({
      httpMethod: req.method,
      protocolVersionHeader: h['mcp-protocol-version'],
      mcpMethodHeader: h['mcp-method'],
      mcpNameHeader: h['mcp-name'],
      body,
    });
    if (route.kind === 'reject') {
      send(res, route.httpStatus, {
        jsonrpc: '2.0',
        id: body.id ?? null,
        error: { code: route.code, message: route.message, data: route.data },
      });
      return;
    }
    const m = route.kind === 'modern' ? route.message : body;
    if (m.method === 'initialize') {
      send(res, 200, {
        jsonrpc: '2.0',
        id: m.id,
        result: { protocolVersion: m.params.protocolVersion, capabilities: { tools: {} }, serverInfo },
      });
      return;
    }
    const tool = tools.get(m.params?.name);
    const controller = new AbortController();
    res.on('close', () => {
      if (!res.writableEnded) controller.abort();
    });
    const args = tool.input.safeParse(m.params.arguments);
    if (!args.success) {
      send(res, 200, {
        jsonrpc: '2.0',
        id: m.id,
        result: { isError: true, content: [{ type: 'text', text: z.prettifyError(args.error) }] },
      });
      return;
    }
    const out = tool.output.parse(await tool.call(args.data, { signal: controller.signal }));
    send(res, 200, {
      jsonrpc: '2.0',
      id: m.id,
      result: {
        content: [{ type: 'text', text: JSON.stringify(out) }],
        structuredContent: out,
        resultType: 'complete',
        _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
      },
    });
  });
}).listen(port, '127.0.0.1');
