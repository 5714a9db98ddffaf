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
import { NotFoundError, ToolError } from '../define/errors.ts';
import type { PromptMessage, PromptResult } from '../define/results.ts';
import type { Definition } from '../surface/definition.ts';
import { parseArguments } from './arguments.ts';
import { completionsFor } from './completion.ts';
import type { Offer } from './offer.ts';
import { problemOf, problemText, type DescribeError } from './problem.ts';
import { parseOutput, problemResult, toolResult } from './tool-result.ts';

type Completions = Parameters<typeof completionsFor>[3];

/** What the pipeline needs to know of the server. */
export interface DispatchSource {
  readonly offer: Offer;
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
    const tool = this.#source.offer.tool(name, context.auth);
    try {
      return await toolResult(tool, await this.#call(tool, given, context));
    } catch (error) {
      return problemResult(this.#problem(error, tool.name, context));
    }
  }

  /** Answers `prompts/get`. */
  async getPrompt(name: string, given: unknown, context: Context): Promise<GetPromptResult> {
    const prompt = this.#source.offer.prompt(name, context.auth);
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
    const { resource, variables } = this.#source.offer.resource(uri, context.auth);
    try {
      const returned = await this.#call(resource, variables, context);
      const value = resource.output ? await parseOutput(resource.name, resource.output, returned) : returned;
      return { contents: [resourceContents(uri, resource.options.mimeType, value)] };
    } catch (error) {
      if (error instanceof NotFoundError) throw new ResourceNotFoundError(uri, problemText(error));
      throw this.#protocolError(error, resource.name, context);
    }
  }

  /** Answers `completion/complete` for an argument of a prompt. */
  async completePrompt(
    name: string,
    argument: string,
    typed: string,
    context: Context,
  ): ReturnType<typeof completionsFor> {
    const prompt = this.#source.offer.prompt(name, context.auth);
    return this.#complete(prompt, prompt.options.complete, argument, typed, context);
  }

  /** Answers `completion/complete` for a variable of a URI template. */
  async completeResource(
    template: string,
    argument: string,
    typed: string,
    context: Context,
  ): ReturnType<typeof completionsFor> {
    const resource = this.#source.offer.template(template, context.auth);
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
      this.#source.offer.assertScopes(definition, context.auth);
      const instance = await this.#source.instanceOf(definition);
      return await completionsFor(argument, typed, definition.input.json, bound(complete, instance), context);
    } catch (error) {
      throw this.#protocolError(error, definition.name, context);
    }
  }

  async #call(definition: Definition, given: unknown, context: Context): Promise<unknown> {
    this.#source.offer.assertScopes(definition, context.auth);
    const values = await parseArguments(definition, given);
    const instance = await this.#source.instanceOf(definition);
    return definition.call(instance, values, context);
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
    return new ProtocolError(jsonRpcCodeOf(problem.code), problemText(problem), problem);
  }
}

function jsonRpcCodeOf(code: string): ProtocolErrorCode {
  switch (code) {
    case 'INVALID_ARGUMENT':
      return ProtocolErrorCode.InvalidParams;
    case 'INSUFFICIENT_SCOPE':
      return ProtocolErrorCode.InvalidRequest;
    default:
      return ProtocolErrorCode.InternalError;
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

function promptMessages(returned: PromptResult): GetPromptResult['messages'] {
  if (typeof returned === 'string') return [{ role: 'user', content: { type: 'text', text: returned } }];
  return [returned].flat().map((message: PromptMessage) => ({ role: message.role, content: contentOf(message) }));
}

function contentOf({ content }: PromptMessage): ContentBlock {
  return typeof content === 'string' ? { type: 'text', text: content } : content;
}
