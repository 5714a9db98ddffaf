import type { Client, Prompt, Resource, ResourceTemplateType, Tool } from '@modelcontextprotocol/client';

/** Everything that a server shows a client, in its order: what a snapshot holds. */
export interface ListedSurface {
  readonly instructions?: string;
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  readonly resourceTemplates: readonly ResourceTemplateType[];
}

/** Asks for every list; the client reads each to its last page. */
export async function listedSurface(client: Client): Promise<ListedSurface> {
  const { tools, prompts, resources } = client.getServerCapabilities() ?? {};
  const instructions = client.getInstructions();
  return {
    ...(instructions !== undefined && { instructions }),
    tools: tools ? (await client.listTools()).tools : [],
    prompts: prompts ? (await client.listPrompts()).prompts : [],
    resources: resources ? (await client.listResources()).resources : [],
    resourceTemplates: resources ? (await client.listResourceTemplates()).resourceTemplates : [],
  };
}
