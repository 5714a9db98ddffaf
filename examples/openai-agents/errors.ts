import { setTimeout as wait } from 'node:timers/promises';

import { Agent, MCPServerStreamableHttp, run, type MCPToolErrorFunction, type Model } from '@openai/agents';

/** Tries again what a server refused for want of capacity, as long as it says and at most so often. */
export function retrying(times = 3, request: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    for (let left = times; ; left -= 1) {
      const response = await request(input, init);
      if ((response.status !== 429 && response.status !== 503) || left === 0) return response;
      await response.body?.cancel();
      await wait(1_000 * Number(response.headers.get('retry-after') ?? 1));
    }
  };
}

/**
 * What the model reads when a call fails outside of the tool: no answer in time, no connection. Errors of a tool reach
 * it as they are, with a code and the next step.
 */
export const explain: MCPToolErrorFunction = ({ error }) =>
  /timed? ?out/i.test(String(error))
    ? 'The server did not answer in time. Do not repeat a change before you have looked whether it was made.'
    : 'The server cannot be reached now. Tell the user, and go on without it.';

/** Asks an agent that stands a server which refuses, fails and is slow. Without a valid token it does not begin. */
export async function ask(
  url: string,
  token: string,
  question: string,
  { model, timeout = 30_000 }: { model?: Model; timeout?: number } = {},
): Promise<string | undefined> {
  const server = new MCPServerStreamableHttp({
    name: 'customer-db',
    url,
    timeout,
    fetch: retrying(),
    errorFunction: explain,
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  try {
    await server.connect();
  } catch (error) {
    throw new Error('The server does not let this program in: check the URL and the token.', { cause: error });
  }
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
