import {
  Agent,
  createMCPToolStaticFilter,
  MCPServerStdio,
  run,
  type MCPToolFilterCallable,
  type MCPToolFilterStatic,
  type Model,
} from '@openai/agents';

import { orders } from './servers.ts';

/** Who the agent works for; the model never sees it. */
export interface Employee {
  readonly role: 'clerk' | 'manager';
}

/** The same tools for everybody. */
export const reading: MCPToolFilterStatic | undefined = createMCPToolStaticFilter({
  allowed: ['search_orders', 'get_order'],
});

/** Asks someone else, so that it has to wait; here for a list that could be a database's. */
async function destructiveTools(): Promise<readonly string[]> {
  return ['cancel_order', 'refund_order'];
}

/** Other tools for other people: what destroys is for managers. */
export const byRole: MCPToolFilterCallable<Employee> = async ({ runContext }, tool) =>
  runContext.context.role === 'manager' || !(await destructiveTools()).includes(tool.name);

/**
 * Asks an agent that sees only the tools the filter lets through. A filter decides what a model is shown; what a caller
 * may do is for the server to decide (`--read-only`, `--tools`, scopes).
 */
export async function ask(
  question: string,
  employee: Employee,
  toolFilter: MCPToolFilterCallable<Employee> | MCPToolFilterStatic = byRole,
  model?: Model,
): Promise<string | undefined> {
  // the SDK types a filter for any context, and gives it the one of the run
  const server = new MCPServerStdio({
    name: 'orders',
    ...orders,
    toolFilter: toolFilter as MCPToolFilterCallable | MCPToolFilterStatic,
  });
  await server.connect();
  try {
    const agent = new Agent<Employee>({ name: 'Orders', mcpServers: [server], ...(model && { model }) });
    return (await run(agent, question, { context: employee })).finalOutput;
  } finally {
    await server.close();
  }
}

if (import.meta.main) console.log(await ask(process.argv[2] ?? 'Cancel order ORD-10001.', { role: 'clerk' }));
