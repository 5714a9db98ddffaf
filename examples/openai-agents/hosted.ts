import { Agent, hostedMcpTool, Runner } from '@openai/agents';

/** When a person is asked before the model's host calls a tool. */
export type Approval = 'never' | 'always' | 'unless_read_only';

/** Where OpenAI's servers find the MCP server, which has to be reachable from there. */
export interface Hosted {
  readonly url: string;
  readonly token: string;
}

/** What a person is asked. */
export type Decide = (tool: string, input: string) => boolean | Promise<boolean>;

/**
 * An agent whose tools are called by the model's host, not by this program. `unless_read_only` relies on the
 * annotations of the tools, which every server of Mortise has.
 */
export function hostedAgent({ url, token }: Hosted, approval: Approval): Agent {
  const server = { serverLabel: 'orders', serverUrl: url, authorization: token };
  const tool =
    approval === 'never'
      ? hostedMcpTool({ ...server, requireApproval: 'never' })
      : hostedMcpTool({
          ...server,
          requireApproval: approval === 'always' ? 'always' : { never: { readOnly: true } },
        });
  return new Agent({ name: 'Orders', tools: [tool] });
}

/** Asks it, and a person whenever a tool waits for approval; the run goes on where it stopped. */
export async function ask(
  agent: Agent,
  question: string,
  decide: Decide,
  runner: Runner = new Runner(),
): Promise<string | undefined> {
  let result = await runner.run(agent, question);
  while (result.interruptions.length > 0) {
    for (const each of result.interruptions) {
      const { name, arguments: input = '' } = each;
      if (await decide(name ?? '', input)) result.state.approve(each);
      else result.state.reject(each);
    }
    result = await runner.run(agent, result.state);
  }
  return result.finalOutput;
}

if (import.meta.main) {
  const { MCP_URL = '', MCP_TOKEN = '' } = process.env;
  const agent = hostedAgent({ url: MCP_URL, token: MCP_TOKEN }, 'unless_read_only');
  console.log(await ask(agent, process.argv[2] ?? 'Cancel order ORD-10001.', () => false));
}
