import { Agent, connectMcpServers, MCPServerStdio, run, type MCPServer, type Model } from '@openai/agents';

import { customerDb, orders } from './servers.ts';

/** What came of it, and which servers it had to do without. */
export interface Answer {
  readonly text: string | undefined;
  readonly missing: readonly string[];
}

/**
 * Asks an agent that uses several servers. One that does not start is left out, so that the others still help. Tools
 * are called `mcp_orders__get_order`: two servers may have a tool of one name.
 */
export async function ask(question: string, model?: Model, servers: MCPServer[] = both()): Promise<Answer> {
  await using connected = await connectMcpServers(servers, { connectInParallel: true, dropFailed: true });
  const agent = new Agent({
    name: 'Support',
    mcpServers: connected.active,
    mcpConfig: { includeServerInToolNames: true },
    ...(model && { model }),
  });
  const { finalOutput } = await run(agent, question);
  return { text: finalOutput, missing: connected.failed.map(({ name }) => name) };
}

function both(): MCPServer[] {
  return [new MCPServerStdio({ name: 'customers', ...customerDb }), new MCPServerStdio({ name: 'orders', ...orders })];
}

if (import.meta.main) console.log(await ask(process.argv[2] ?? 'Which orders of Acme Corp are pending?'));
