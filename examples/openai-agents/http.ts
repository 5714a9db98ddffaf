import { Agent, MCPServerStreamableHttp, run, type Model } from '@openai/agents';

/** Asks an agent that uses a server somewhere else, with the token of whoever it works for. */
export async function ask(url: string, token: string, question: string, model?: Model): Promise<string | undefined> {
  const server = new MCPServerStreamableHttp({
    name: 'customer-db',
    url,
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  await server.connect();
  try {
    const agent = new Agent({ name: 'Support', mcpServers: [server], ...(model && { model }) });
    return (await run(agent, question)).finalOutput;
  } finally {
    await server.close();
  }
}

if (import.meta.main) {
  const { MCP_URL = 'http://127.0.0.1:3000/mcp', MCP_TOKEN = '' } = process.env;
  console.log(await ask(MCP_URL, MCP_TOKEN, process.argv[2] ?? 'Who are our contacts at Acme Corp?'));
}
