import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server';

import type { ToolOptions } from '../define/definitions.ts';
import type { ToolDefinition } from '../surface/definition.ts';
import type { PreparedSchema } from '../surface/prepared-schema.ts';
import { prune } from './prune.ts';
import { problemText, type Problem } from './problem.ts';

/** What a tool returned, as a result of the protocol. */
export async function toolResult(tool: ToolDefinition, returned: unknown): Promise<CallToolResult> {
  if (tool.output) {
    const value = await parseOutput(tool.name, tool.output, returned);
    return { content: textBeside(value, tool.options.text), structuredContent: value as Record<string, unknown> };
  }
  if (returned === undefined || returned === null) return { content: [] };
  if (isContent(returned)) return { content: returned.content };
  return { content: [text(typeof returned === 'string' ? returned : JSON.stringify(returned))] };
}

function textBeside(value: unknown, form: ToolOptions['text']): ContentBlock[] {
  if (form === 'none') return [];
  return [text(typeof form === 'function' ? form(value as never) : JSON.stringify(value))];
}

/**
 * The JSON form of what a handler returned, without anything that its schema does not declare.
 * @throws Error when it is not what the schema promises: a mistake of the server, so it is masked
 */
export async function parseOutput(name: string, output: PreparedSchema, returned: unknown): Promise<unknown> {
  const json: unknown = JSON.parse(JSON.stringify(returned) ?? 'null');
  const first = await output.validate(json);
  if (!first.issues) return first.value;
  const second = await output.validate(prune(json, output.json));
  if (!second.issues) return second.value;
  const { path = [], message } = second.issues[0] ?? { message: 'it does not fit' };
  throw new TypeError(
    `${name} returned what its output schema does not allow: ${path.map(String).join('.')}: ${message}`,
  );
}

/** An error inside a known tool: a result that the model reads, with the machine-readable form in `_meta`. */
export function problemResult(problem: Problem): CallToolResult {
  const lines = [problemText(problem), ...(problem.details ? [JSON.stringify(problem.details)] : [])];
  // not structuredContent: clients of 2025 validate it against the output schema even beside isError, and then throw
  return { isError: true, content: [text(lines.join('\n'))], _meta: { 'mortise/error': problem } };
}

function text(value: string): ContentBlock {
  return { type: 'text', text: value };
}

function isContent(value: unknown): value is { content: ContentBlock[] } {
  return typeof value === 'object' && value !== null && Array.isArray((value as { content?: unknown }).content);
}
