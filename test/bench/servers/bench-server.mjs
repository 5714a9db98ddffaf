import { createServer } from '@mortise/toolkit';
import * as z from 'zod';

import { descriptions, fillers } from '../tools.mjs';

/**
 * The tools of the benchmark.
 * @param use - Middleware
 * @param policy - Of each tool
 */
export function benchServer(use = [], policy = {}) {
  const server = createServer({ name: 'bench', version: '1.0.0', use });
  server.tool(
    'add',
    {
      description: descriptions.add,
      ...policy,
      input: z.object({ a: z.number().describe(descriptions.a), b: z.number() }),
      output: z.object({ sum: z.number() }),
    },
    async ({ a, b }) => ({ sum: a + b }),
  );
  for (const name of fillers) {
    server.tool(
      name,
      {
        description: descriptions.filler,
        ...policy,
        input: z.object({
          query: z.string().describe(descriptions.query),
          limit: z.number().int().min(1).max(50).default(10).describe(descriptions.limit),
        }),
        output: z.object({ things: z.array(z.object({ id: z.string(), name: z.string() })) }),
      },
      async () => ({ things: [] }),
    );
  }
  return server;
}
