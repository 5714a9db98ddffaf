import { Agent, MCPServerStdio, run, type MCPServer, type Model } from '@openai/agents';

import { customerDb } from './servers.ts';

/**
 * Connections that outlive a run: a web service starts a server once, not once for each question. The list of tools is
 * kept as well; `invalidateToolsCache` fetches it again.
 */
export class Pool implements AsyncDisposable {
  readonly #servers = new Map<string, Promise<MCPServer>>();

  /** The connected server; two that ask at the same time get the same one, and a failed start is tried again. */
  server(name: string, make: () => MCPServer): Promise<MCPServer> {
    let connected = this.#servers.get(name);
    if (!connected) {
      connected = connect(make());
      this.#servers.set(name, connected);
      connected.catch(() => this.#servers.delete(name));
    }
    return connected;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#servers.values()].map(async (server) => (await server).close()));
  }
}

async function connect(server: MCPServer): Promise<MCPServer> {
  await server.connect();
  return server;
}

function customers(): MCPServer {
  return new MCPServerStdio({ name: 'customer-db', ...customerDb, cacheToolsList: true });
}

/** Asks an agent over a connection of the pool. */
export async function ask(pool: Pool, question: string, model?: Model): Promise<string | undefined> {
  const agent = new Agent({
    name: 'Support',
    mcpServers: [await pool.server('customer-db', customers)],
    ...(model && { model }),
  });
  return (await run(agent, question)).finalOutput;
}

if (import.meta.main) {
  await using pool = new Pool();
  for (const question of process.argv.slice(2)) console.log(await ask(pool, question));
}
