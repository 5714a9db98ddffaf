import type { Client, Prompt, Resource, ResourceTemplateType, Tool } from '@modelcontextprotocol/client';

/** Everything that a server offers to this client. */
export interface Offers {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplateType[];
}

/** Lists what the server says it has, all pages of it. */
export async function offersOf(client: Client): Promise<Offers> {
  const has = client.getServerCapabilities() ?? {};
  return {
    tools: has.tools
      ? await allOf(
          (at) => client.listTools(at),
          ({ tools }) => tools,
        )
      : [],
    prompts: has.prompts
      ? await allOf(
          (at) => client.listPrompts(at),
          ({ prompts }) => prompts,
        )
      : [],
    resources: has.resources
      ? await allOf(
          (at) => client.listResources(at),
          ({ resources }) => resources,
        )
      : [],
    templates: has.resources
      ? await allOf(
          (at) => client.listResourceTemplates(at),
          ({ resourceTemplates }) => resourceTemplates,
        )
      : [],
  };
}

async function allOf<Page extends { nextCursor?: string | undefined }, Item>(
  list: (at: { cursor?: string }) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor === undefined ? {} : { cursor });
    all.push(...itemsOf(page));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}
