import {
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type CallToolResult,
  type ContentBlock,
  type GetPromptResult,
  type ReadResourceResult,
} from '@modelcontextprotocol/server';

import type { Context } from '../context/context.ts';
import { Suspension } from '../context/questions.ts';
import type { ListedResource } from '../define/definitions.ts';
import { NotFoundError, ToolError } from '../define/errors.ts';
import type { PromptMessage, PromptResult } from '../define/results.ts';
import type { Definition, Definitions, ResourceDefinition } from '../surface/definition.ts';
import { matchTemplate } from '../surface/uri.ts';
import { parseArguments } from './arguments.ts';
import { completionsFor } from './completion.ts';
import { isTemplate } from './listings.ts';
import { nearest } from './nearest.ts';
import { problemOf, problemText, type DescribeError } from './problem.ts';
import { parseOutput, problemResult, toolResult } from './tool-result.ts';

type Completions = Parameters<typeof completionsFor>[3];

/** What the pipeline needs to know of the server. */
export interface DispatchSource {
  readonly definitions: Definitions;
  /** The instance that a definition is called on, once `setup` has made it. */
  instanceOf(definition: Definition): Promise<object | undefined>;
  readonly describeError: DescribeError | undefined;
}

/**
 * The one way of a request: find → parse arguments → call → parse the result, or map the error. An unknown name is a
 * protocol error; everything wrong inside a known tool is a result that the model reads (SEP-1303).
 */
export class Dispatch {
  readonly #source: DispatchSource;

  constructor(source: DispatchSource) {
    this.#source = source;
  }

  /** Answers `tools/call`. */
  async callTool(name: string, given: unknown, context: Context): Promise<CallToolResult> {
    const tool = find('tool', this.#source.definitions.tools, name);
    try {
      return await toolResult(tool, await this.#call(tool, given, context));
    } catch (error) {
      return problemResult(this.#problem(error, tool.name, context));
    }
  }

  /** Answers `prompts/get`. */
  async getPrompt(name: string, given: unknown, context: Context): Promise<GetPromptResult> {
    const prompt = find('prompt', this.#source.definitions.prompts, name);
    try {
      const returned = (await this.#call(prompt, given, context)) as PromptResult;
      return {
        ...(prompt.description !== undefined && { description: prompt.description }),
        messages: promptMessages(returned),
      };
    } catch (error) {
      throw this.#protocolError(error, prompt.name, context);
    }
  }

  /** Answers `resources/read`. */
  async readResource(uri: string, context: Context): Promise<ReadResourceResult> {
    const { resource, variables } = this.#findResource(uri);
    try {
      const returned = await this.#call(resource, variables, context);
      const value = resource.output ? await parseOutput(resource.name, resource.output, returned) : returned;
      return { contents: [resourceContents(uri, resource.options.mimeType, value)] };
    } catch (error) {
      if (error instanceof NotFoundError) throw new ResourceNotFoundError(uri, problemText(error));
      throw this.#protocolError(error, resource.name, context);
    }
  }

  /** What the templates add to `resources/list`. */
  async listResources(context: Context): Promise<readonly ListedResource[]> {
    const listing = [...this.#source.definitions.resources.values()].map(async (resource) => {
      const { list } = resource.options;
      if (!list) return [];
      try {
        return await list.call(await this.#source.instanceOf(resource), context);
      } catch (error) {
        throw this.#protocolError(error, resource.name, context);
      }
    });
    return (await Promise.all(listing)).flat();
  }

  /** Answers `completion/complete` for an argument of a prompt. */
  async completePrompt(
    name: string,
    argument: string,
    typed: string,
    context: Context,
  ): ReturnType<typeof completionsFor> {
    const prompt = find('prompt', this.#source.definitions.prompts, name);
    return this.#complete(prompt, prompt.options.complete, argument, typed, context);
  }

  /** Answers `completion/complete` for a variable of a URI template. */
  async completeResource(
    template: string,
    argument: string,
    typed: string,
    context: Context,
  ): ReturnType<typeof completionsFor> {
    const resource = this.#source.definitions.resources.get(template);
    if (!resource) throw new ResourceNotFoundError(template);
    return this.#complete(resource, resource.options.complete, argument, typed, context);
  }

  async #complete(
    definition: Definition,
    complete: Completions,
    argument: string,
    typed: string,
    context: Context,
  ): ReturnType<typeof completionsFor> {
    try {
      const instance = await this.#source.instanceOf(definition);
      return await completionsFor(argument, typed, definition.input.json, bound(complete, instance), context);
    } catch (error) {
      throw this.#protocolError(error, definition.name, context);
    }
  }

  async #call(definition: Definition, given: unknown, context: Context): Promise<unknown> {
    const values = await parseArguments(definition, given);
    const instance = await this.#source.instanceOf(definition);
    return definition.call(instance, values, context);
  }

  #findResource(uri: string): { resource: ResourceDefinition; variables: Record<string, unknown> } {
    const { resources } = this.#source.definitions;
    const fixed = resources.get(uri);
    if (fixed && !isTemplate(uri)) return { resource: fixed, variables: {} };
    for (const resource of resources.values()) {
      const variables = isTemplate(resource.uri) ? matchTemplate(resource.uri, uri) : undefined;
      if (variables) return { resource, variables };
    }
    throw new ResourceNotFoundError(uri);
  }

  #problem(error: unknown, name: string, context: Context): ReturnType<typeof problemOf> {
    if (error instanceof Suspension || error instanceof MissingRequiredClientCapabilityError) throw error;
    if (context.signal.aborted && !(error instanceof ToolError)) {
      return { code: 'CANCELLED', message: `${name} was cancelled before it could answer.`, retryable: true };
    }
    return problemOf(error, this.#source.describeError, (incident, cause) =>
      context.log.error(`${name} failed`, { incident, cause }),
    );
  }

  #protocolError(error: unknown, name: string, context: Context): ProtocolError {
    if (error instanceof ProtocolError) return error;
    const problem = this.#problem(error, name, context);
    const code =
      problem.code === 'INVALID_ARGUMENT' ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
    return new ProtocolError(code, problemText(problem), problem);
  }
}

/** `complete` functions run as methods of the instance. */
function bound(complete: Completions, instance: object | undefined): Completions {
  return (
    complete && Object.fromEntries(Object.entries(complete).map(([name, suggest]) => [name, suggest.bind(instance)]))
  );
}

function resourceContents(
  uri: string,
  mimeType: string | undefined,
  value: unknown,
): ReadResourceResult['contents'][number] {
  if (value instanceof Uint8Array) {
    return { uri, mimeType: mimeType ?? 'application/octet-stream', blob: Buffer.from(value).toString('base64') };
  }
  if (typeof value === 'string') return { uri, mimeType: mimeType ?? 'text/plain', text: value };
  return { uri, mimeType: mimeType ?? 'application/json', text: JSON.stringify(value) };
}

function find<D>(kind: string, definitions: ReadonlyMap<string, D>, name: string): D {
  const found = definitions.get(name);
  if (found) return found;
  const meant = nearest(name, definitions.keys());
  const hint = meant === undefined ? `List the ${kind}s for those there are.` : `Did you mean ${meant}?`;
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown ${kind}: ${shown}. ${hint}`);
}

function promptMessages(returned: PromptResult): GetPromptResult['messages'] {
  if (typeof returned === 'string') return [{ role: 'user', content: { type: 'text', text: returned } }];
  return [returned].flat().map((message: PromptMessage) => ({ role: message.role, content: contentOf(message) }));
}

function contentOf({ content }: PromptMessage): ContentBlock {
  return typeof content === 'string' ? { type: 'text', text: content } : content;
}
