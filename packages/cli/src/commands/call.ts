import { parseArgs } from 'node:util';
import type { CallToolResult, Client } from '@modelcontextprotocol/client';

import { argumentsHelp, argumentsOf } from '../call/arguments.ts';
import type { Schema } from '../call/value.ts';
import { UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { connect } from '../connect/connect.ts';
import { offersOf } from '../connect/offers.ts';
import { targetHelp, targetOf } from '../connect/target.ts';
import { withProgress } from '../progress.ts';

const options = { json: { type: 'boolean', default: false }, 'token-env': { type: 'string' } } as const;

/** Calls one tool of a server. */
export const call: Command = {
  usage: 'mortise call <target> <tool> [key=value | key:=json | key=@file | -]... [--token-env NAME] [--json]',
  summary: 'call a tool of a server',
  help: `Connects to a server, calls one of its tools and prints the answer.

${targetHelp}
  --json       print the whole result as JSON

${argumentsHelp}

Exit code: 0 answered, 1 the tool says that it failed, 2 wrong usage, 3 no connection`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...parameters], allowPositionals: true, options });
    const [typed, tool, ...words] = positionals;
    if (typed === undefined || tool === undefined) throw new UsageError('it takes a target and the name of a tool');
    const target = targetOf(typed, terminal.directory);
    const opening = connect(target, terminal, { tokenVariable: values['token-env'] });
    const connection = await withProgress(terminal, 'waiting for the server', opening);
    try {
      const { client } = connection;
      const request = { name: tool, arguments: await argumentsOf(words, await schemaOf(tool, client), terminal) };
      const calling = client.callTool(request, {
        signal: terminal.signal,
        resetTimeoutOnProgress: true,
        onprogress: ({ progress, total, message = '' }) =>
          terminal.err(`${progress}${total === undefined ? '' : `/${total}`} ${message}`.trimEnd()),
      });
      const result = await withProgress(terminal, `${tool} works`, calling);
      terminal.out(values.json ? JSON.stringify(result, null, 2) : inWords(result));
      return result.isError === true ? 1 : 0;
    } catch (error) {
      if (error instanceof UsageError) throw error;
      terminal.err(`mortise call: the server refused the call: ${(error as Error).message}`);
      return 1;
    } finally {
      await connection[Symbol.asyncDispose]();
    }
  },
};

async function schemaOf(name: string, client: Client): Promise<Schema> {
  const { tools } = await offersOf(client);
  const found = tools.find((tool) => tool.name === name);
  if (found) return found.inputSchema as Schema;
  throw new UsageError(`the server has no tool ${name}; it has ${tools.map((tool) => tool.name).join(', ')}`);
}

/** The text parts as they are; of the others, what they are. */
function inWords({ content, structuredContent }: CallToolResult): string {
  if (content.length === 0 && structuredContent !== undefined) return JSON.stringify(structuredContent, null, 2);
  return content
    .map((part) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'image' || part.type === 'audio') return `[${part.type}: ${part.mimeType}]`;
      if (part.type === 'resource_link') return `[resource: ${part.uri}]`;
      return 'text' in part.resource ? part.resource.text : `[resource: ${part.resource.uri}]`;
    })
    .join('\n');
}
