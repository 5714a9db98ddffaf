import { Agent, MCPServerStdio, run, type Model } from '@openai/agents';

import { customerDb } from './servers.ts';

/** Asks an agent that starts one server itself, for as long as the question takes. */
export async function ask(question: string, model?: Model): Promise<string | undefined> {
  const server = new MCPServerStdio({ name: 'customer-db', ...customerDb });
  await server.connect();
  try {
    const agent = new Agent({
      name: 'Support',
      instructions: 'Answer questions about customers. Look them up, never guess.',
      mcpServers: [server],
      ...(model && { model }),
    });
    return (await run(agent, question)).finalOutput;
  } finally {
    await server.close();
  }
}

if (import.meta.main) console.log(await ask(process.argv[2] ?? 'Who are our contacts at Acme Corp?'));
