import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Agent, MCPServerStdio, run, type Model } from '@openai/agents';

import { customerDb } from './servers.ts';

/** A prompt of a server as the instructions of an agent: the Agents SDK for TypeScript has nothing for it. */
export async function promptInstructions(
  client: Client,
  name: string,
  values?: Record<string, string>,
): Promise<string> {
  const { messages } = await client.getPrompt({ name, ...(values && { arguments: values }) });
  return messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('\n');
}

/** Asks an agent that works as the server says. */
export async function ask(question: string, focusArea: string, model?: Model): Promise<string | undefined> {
  const client = new Client({ name: 'support', version: '1.0.0' });
  await client.connect(new StdioClientTransport(customerDb));
  const instructions = await promptInstructions(client, 'customer_service_instructions', { focus_area: focusArea });
  await client.close();

  const server = new MCPServerStdio({ name: 'customer-db', ...customerDb });
  await server.connect();
  try {
    const agent = new Agent({ name: 'Support', instructions, mcpServers: [server], ...(model && { model }) });
    return (await run(agent, question)).finalOutput;
  } finally {
    await server.close();
  }
}

if (import.meta.main) console.log(await ask(process.argv[2] ?? 'Who is Dana Whitfield?', 'support'));
