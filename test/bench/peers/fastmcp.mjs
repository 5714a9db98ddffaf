// fastmcp (punkpeye), as its README writes a server; it returns text, it has no structured content.
import { FastMCP } from 'fastmcp';
import * as z from 'zod';

import { descriptions, fillers, overHttp, port } from '../tools.mjs';

const server = new FastMCP({ name: 'bench', version: '1.0.0' });
server.addTool({
  name: 'add',
  description: descriptions.add,
  parameters: z.object({ a: z.number().describe(descriptions.a), b: z.number() }),
  execute: async ({ a, b }) => JSON.stringify({ sum: a + b }),
});
for (const name of fillers) {
  server.addTool({
    name,
    description: descriptions.filler,
    parameters: z.object({
      query: z.string().describe(descriptions.query),
      limit: z.number().int().min(1).max(50).default(10).describe(descriptions.limit),
    }),
    execute: async () => JSON.stringify({ things: [] }),
  });
}
await server.start(
  overHttp ? { transportType: 'httpStream', httpStream: { port, host: '127.0.0.1' } } : { transportType: 'stdio' },
);
