import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

interface HostedTool {
  readonly server_url: string;
  readonly authorization: string;
  readonly require_approval: 'never' | 'always' | { readonly never?: { readonly read_only?: boolean } };
}

interface Asked {
  readonly tools: readonly HostedTool[];
  readonly input: readonly { readonly type?: string; readonly approve?: boolean }[];
}

/** The tool that the model behind the endpoint wants to call. */
export interface Wanted {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * OpenAI's Responses endpoint, as far as a hosted MCP tool needs it: it asks for approval as the request wants it,
 * calls the MCP server itself, and says what the tool said.
 */
export class ResponsesEndpoint implements AsyncDisposable {
  readonly baseURL: string;
  /** What the MCP server was called with. */
  readonly called: string[] = [];
  readonly #server: Server;
  readonly #wanted: Wanted;

  private constructor(server: Server, wanted: Wanted) {
    this.#server = server;
    this.#wanted = wanted;
    this.baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }

  static async start(wanted: Wanted): Promise<ResponsesEndpoint> {
    const server = createServer((request, response) => {
      void json(request).then(async (asked) => {
        const output = await endpoint.#output(asked as Asked);
        const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({ id: 'resp_1', object: 'response', status: 'completed', model: 'm', output, usage }),
        );
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = new ResponsesEndpoint(server, wanted);
    return endpoint;
  }

  async #output({ tools, input }: Asked): Promise<readonly object[]> {
    const [tool] = tools;
    if (!tool) return [message('There is no tool.')];
    const answer = Array.isArray(input) ? input.find(({ type }) => type === 'mcp_approval_response') : undefined;
    if (answer?.approve === false) return [message(`${this.#wanted.name} was not approved.`)];
    const client = new Client({ name: 'host', version: '1' });
    const requestInit = { headers: { authorization: `Bearer ${tool.authorization}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(tool.server_url), { requestInit }));
    try {
      const call = {
        name: this.#wanted.name,
        arguments: JSON.stringify(this.#wanted.arguments),
        server_label: 'orders',
      };
      if (!answer && (await this.#needsApproval(client, tool))) {
        return [{ id: 'mcpr_1', type: 'mcp_approval_request', ...call }];
      }
      this.called.push(this.#wanted.name);
      const { content } = await client.callTool({ name: this.#wanted.name, arguments: { ...this.#wanted.arguments } });
      const [block] = content;
      const text = block?.type === 'text' ? block.text : '';
      return [{ id: 'mcp_1', type: 'mcp_call', ...call, output: text, status: 'completed' }, message(text)];
    } finally {
      await client.close();
    }
  }

  async #needsApproval(client: Client, { require_approval: approval }: HostedTool): Promise<boolean> {
    if (typeof approval === 'string') return approval === 'always';
    const { tools } = await client.listTools();
    const wanted = tools.find(({ name }) => name === this.#wanted.name);
    return !(approval.never?.read_only === true && wanted?.annotations?.readOnlyHint === true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function message(text: string): object {
  const content = [{ type: 'output_text', text, annotations: [] }];
  return { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content };
}
