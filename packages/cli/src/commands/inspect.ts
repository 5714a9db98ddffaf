import { parseArgs } from 'node:util';

import { UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { connect } from '../connect/connect.ts';
import { offersOf, type Offers } from '../connect/offers.ts';
import { targetHelp, targetOf } from '../connect/target.ts';
import { withProgress } from '../progress.ts';
import { table } from '../table.ts';
import { tokensOf } from '../tokens.ts';

const options = { json: { type: 'boolean', default: false }, 'token-env': { type: 'string' } } as const;

/** Shows what a server offers, and what that costs. */
export const inspect: Command = {
  usage: 'mortise inspect <target> [--token-env NAME] [--json]',
  summary: 'show what a server offers, and the tokens it costs',
  help: `Connects to a server and lists its tools, prompts and resources. Tokens are an estimate of what a client puts
before a model: the name, the description and the schemas.

${targetHelp}
  --json       print the definitions with their tokens as JSON

Exit code: 0 listed, 2 wrong usage, 3 no connection`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...parameters], allowPositionals: true, options });
    const [typed, more] = positionals;
    if (typed === undefined || more !== undefined)
      throw new UsageError('it takes one target; a command goes in quotes');
    const target = targetOf(typed, terminal.directory);
    const opening = connect(target, terminal, { tokenVariable: values['token-env'] });
    const connection = await withProgress(terminal, 'waiting for the server', opening);
    try {
      const { client } = connection;
      const server = client.getServerVersion();
      const offers = await withProgress(terminal, 'listing', offersOf(client));
      const protocol = client.getNegotiatedProtocolVersion();
      terminal.out(
        values.json
          ? JSON.stringify({ server, protocol, instructions: client.getInstructions(), ...withTokens(offers) }, null, 2)
          : `${server?.name} ${server?.version}, protocol ${protocol}\n\n${inTables(offers)}`,
      );
      return 0;
    } finally {
      await connection[Symbol.asyncDispose]();
    }
  },
};

function withTokens({ tools, prompts, resources, templates }: Offers): object {
  return {
    tokens: toolTokens(tools),
    tools: tools.map((tool) => ({ ...tool, tokens: toolTokens([tool]) })),
    prompts: withCost(prompts),
    resources: withCost(resources),
    templates: withCost(templates),
  };
}

function withCost(items: readonly object[]): object[] {
  return items.map((item) => ({ ...item, tokens: tokensOf(item) }));
}

/** What a host hands to a model of each tool; the rest of a definition is for the host. */
function toolTokens(tools: Offers['tools']): number {
  return tools
    .map(({ name, description, inputSchema, outputSchema }) =>
      tokensOf({ name, description, inputSchema, outputSchema }),
    )
    .reduce((sum, each) => sum + each, 0);
}

function inTables({ tools, prompts, resources, templates }: Offers): string {
  const parts = [
    tools.length > 0 &&
      table(
        ['tool', 'tokens', 'effect', 'description'],
        [
          ...tools.map((tool) => [tool.name, String(toolTokens([tool])), effectOf(tool), firstLine(tool.description)]),
          ['all tools', String(toolTokens(tools)), '', ''],
        ],
      ),
    prompts.length > 0 &&
      table(
        ['prompt', 'tokens', 'arguments', 'description'],
        prompts.map((prompt) => [
          prompt.name,
          String(tokensOf(prompt)),
          (prompt.arguments ?? []).map(({ name, required }) => (required ? name : `[${name}]`)).join(' '),
          firstLine(prompt.description),
        ]),
      ),
    resources.length + templates.length > 0 &&
      table(
        ['resource', 'tokens', 'type', 'description'],
        [
          ...resources.map((each) => [
            each.uri,
            String(tokensOf(each)),
            each.mimeType ?? '',
            firstLine(each.description),
          ]),
          ...templates.map((each) => [
            each.uriTemplate,
            String(tokensOf(each)),
            each.mimeType ?? '',
            firstLine(each.description),
          ]),
        ],
      ),
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'The server offers nothing.' : parts.join('\n\n');
}

/** What the annotations promise; their defaults are the specification's: a tool may change and destroy. */
function effectOf({ annotations = {} }: Offers['tools'][number]): string {
  if (annotations.readOnlyHint === true) return 'reads';
  return annotations.destructiveHint === false ? 'adds' : 'changes';
}

function firstLine(text = ''): string {
  return text.split('\n', 1)[0] ?? '';
}
