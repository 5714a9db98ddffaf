// The official SDK, version 1, as its documentation writes a server with sessions.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import * as z from 'zod';

import { descriptions, fillers, overHttp, port } from '../tools.mjs';

function build() {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  server.registerTool(
    'add',
    {
      description: descriptions.add,
      inputSchema: { a: z.number().describe(descriptions.a), b: z.number() },
      outputSchema: { sum: z.number() },
    },
    async ({ a, b }) => {
      const structuredContent = { sum: a + b };
      return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
    },
  );
  for (const name of fillers) {
    server.registerTool(
      name,
      {
        description: descriptions.filler,
        inputSchema: {
          query: z.string().describe(descriptions.query),
          limit: z.number().int().min(1).max(50).default(10).describe(descriptions.limit),
        },
        outputSchema: { things: z.array(z.object({ id: z.string(), name: z.string() })) },
      },
      async () => ({ content: [], structuredContent: { things: [] } }),
    );
  }
  return server;
}

if (overHttp) {
  const sessions = new Map();
  createServer(async (request, response) => {
    let transport = sessions.get(request.headers['mcp-session-id']);
    if (!transport) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, transport),
      });
      await build().connect(transport);
    }
    await transport.handleRequest(request, response);
  }).listen(port, '127.0.0.1');
} else {
  await build().connect(new StdioServerTransport());
}
