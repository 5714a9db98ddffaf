import { UriTemplate, type CallToolResult, type Client } from '@modelcontextprotocol/client';
import type { CallSurface, ClassSurface, ResourceSurface } from '@mortise/toolkit';

import { ToolCallError } from './tool-call-error.ts';

/** Calls an entry of the surface by the parameters of its method. */
export type EntryCall = (...parameters: readonly unknown[]) => Promise<unknown>;

/** A call for each method that the class offers. */
export function classCalls(
  client: Client,
  { tools = [], prompts = [], resources = [] }: ClassSurface,
): Map<string, EntryCall> {
  const calls = new Map<string, EntryCall>();
  for (const tool of tools) {
    calls.set(tool.method, async (...given) =>
      resultOf(await client.callTool({ name: tool.method, arguments: argumentsOf(tool, given) })),
    );
  }
  for (const prompt of prompts) {
    calls.set(prompt.method, async (...given) => {
      const values = Object.entries(argumentsOf(prompt, given)).map(([name, value]) => [name, String(value)] as const);
      const { messages } = await client.getPrompt({ name: prompt.method, arguments: Object.fromEntries(values) });
      const [only, ...more] = messages;
      return only?.role === 'user' && only.content.type === 'text' && more.length === 0 ? only.content.text : messages;
    });
  }
  for (const resource of resources) {
    calls.set(resource.method, async (...given) => await read(client, uriOf(resource, argumentsOf(resource, given))));
  }
  return calls;
}

/** The arguments object of a call; what is undefined is left out. */
function argumentsOf({ parameters, rest }: CallSurface, given: readonly unknown[]): Record<string, unknown> {
  if (parameters === 'object') return { ...(given[0] as object | undefined) };
  const last = parameters.length - 1;
  const entries = parameters.map((name, at) => [name, rest && at === last ? given.slice(at) : given[at]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What the method returned: the structured result, the text, or the content where it is more than one text. */
function resultOf(result: CallToolResult): unknown {
  const { content, structuredContent, isError = false } = result;
  const text = content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n');
  if (isError) throw new ToolCallError(text, result);
  if (structuredContent !== undefined) return structuredContent;
  if (content.length === 0) return undefined;
  return content.length === 1 && content[0]?.type === 'text' ? text : { content };
}

function uriOf({ uri }: ResourceSurface, values: Record<string, unknown>): string {
  const variables = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
  return new UriTemplate(uri).expand(Object.fromEntries(variables));
}

async function read(client: Client, uri: string): Promise<unknown> {
  const [content] = (await client.readResource({ uri })).contents;
  if (content && 'blob' in content) return new Uint8Array(Buffer.from(content.blob, 'base64'));
  return content?.mimeType === 'application/json' ? JSON.parse(content.text) : content?.text;
}
