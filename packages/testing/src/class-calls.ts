import { UriTemplate, type CallToolResult, type Client } from '@modelcontextprotocol/client';
import type { CallSurface, OfferedMethod } from '@mortise/toolkit';

import { ToolCallError } from './tool-call-error.ts';

/** Calls an entry of the surface by the parameters of its method. */
export type EntryCall = (...parameters: readonly unknown[]) => Promise<unknown>;

/**
 * A call for each method of a class, by the method.
 * @throws TypeError when one is offered twice, as in a server that mounts another one twice
 */
export function classCalls(client: Client, offered: readonly OfferedMethod[]): Map<string, EntryCall> {
  const calls = new Map<string, EntryCall>();
  for (const entry of offered) {
    const { method } = entry.surface;
    if (calls.has(method)) throw new TypeError(`${method} is offered twice: call it by its name, with call().`);
    calls.set(method, (...given) => called(client, entry, argumentsOf(entry.surface, given)));
  }
  return calls;
}

async function called(client: Client, { kind, key }: OfferedMethod, values: Record<string, unknown>): Promise<unknown> {
  if (kind === 'tool') return resultOf(await client.callTool({ name: key, arguments: values }));
  const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)] as const));
  if (kind === 'resource') return await read(client, new UriTemplate(key).expand(texts));
  const { messages } = await client.getPrompt({ name: key, arguments: texts });
  const [only, ...more] = messages;
  return only?.role === 'user' && only.content.type === 'text' && more.length === 0 ? only.content.text : messages;
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

async function read(client: Client, uri: string): Promise<unknown> {
  const [content] = (await client.readResource({ uri })).contents;
  if (content && 'blob' in content) return new Uint8Array(Buffer.from(content.blob, 'base64'));
  return content?.mimeType === 'application/json' ? JSON.parse(content.text) : content?.text;
}
