// Mortise with all of its defaults; with GUARDED also what an operator puts before them.
import { createServer, run } from '@mortise/toolkit';
import { audit } from '@mortise/toolkit/middleware/audit';
import { rateLimit } from '@mortise/toolkit/middleware/rate-limit';
import * as z from 'zod';

import { descriptions, fillers } from '../tools.mjs';

const records = [];
const sink = { write: (record) => void (records[0] = JSON.stringify(record)) };
const guards = [audit({ sink }), rateLimit({ limit: { calls: 1e9, seconds: 60 } })];
const policy = process.env.GUARDED ? { scopes: ['bench'] } : {};

const server = createServer({ name: 'bench', version: '1.0.0', use: process.env.GUARDED ? guards : [] });
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
await run(server);
