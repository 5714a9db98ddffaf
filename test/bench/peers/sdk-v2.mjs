// The official SDK, version 2, as its documentation writes a server: the factory defines everything.
import { createServer } from 'node:http';

import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod/v4';

import { descriptions, fillers, overHttp, port } from '../tools.mjs';

function build() {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  server.registerTool(
    'add',
    {
      description: descriptions.add,
      inputSchema: z.object({ a: z.number().describe(descriptions.a), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
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
        inputSchema: z.object({
          query: z.string().describe(descriptions.query),
          limit: z.number().int().min(1).max(50).default(10).describe(descriptions.limit),
        }),
        outputSchema: z.object({ things: z.array(z.object({ id: z.string(), name: z.string() })) }),
      },
      async () => ({ content: [], structuredContent: { things: [] } }),
    );
  }
  return server;
}

if (overHttp) createServer(toNodeHandler(createMcpHandler(build))).listen(port, '127.0.0.1');
else serveStdio(build);
