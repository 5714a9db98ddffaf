// mcp-lite on Hono, as its README writes a server: no sessions, revisions up to 2025-06-18, HTTP only.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { McpServer, StreamableHttpTransport } from 'mcp-lite';
import * as z from 'zod';

import { descriptions, fillers, port } from '../tools.mjs';

const server = new McpServer({ name: 'bench', version: '1.0.0', schemaAdapter: (schema) => z.toJSONSchema(schema) });
server.tool('add', {
  description: descriptions.add,
  inputSchema: z.object({ a: z.number().describe(descriptions.a), b: z.number() }),
  outputSchema: z.object({ sum: z.number() }),
  handler: ({ a, b }) => {
    const structuredContent = { sum: a + b };
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
  },
});
for (const name of fillers) {
  server.tool(name, {
    description: descriptions.filler,
    inputSchema: z.object({
      query: z.string().describe(descriptions.query),
      limit: z.number().int().min(1).max(50).default(10).describe(descriptions.limit),
    }),
    outputSchema: z.object({ things: z.array(z.object({ id: z.string(), name: z.string() })) }),
    handler: () => ({ content: [], structuredContent: { things: [] } }),
  });
}

const handle = new StreamableHttpTransport().bind(server);
const app = new Hono();
app.all('/mcp', (context) => handle(context.req.raw));
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
