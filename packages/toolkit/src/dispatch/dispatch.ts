import {
  ResourceNotFoundError,
  type CallToolResult,
  type CompleteResult,
  type GetPromptResult,
  type ReadResourceResult,
} from '@modelcontextprotocol/server';

import type { Home } from '../compose/part.ts';
import type { Context } from '../context/context.ts';
import { cacheHintOf, type CacheHint } from '../define/caching.ts';
import type { ListedResource } from '../define/definitions.ts';
import { NotFoundError } from '../define/errors.ts';
import type { PromptResult } from '../define/results.ts';
import type {
  Definition,
  PromptDefinition,
  ResourceDefinition,
  ToolDefinition,
  Values,
} from '../surface/definition.ts';
import { parseArguments } from './arguments.ts';
import { calledDefinition } from './called-definition.ts';
import { completionsFor, type CompletionRequest } from './completion.ts';
import { confirmCall } from './confirm.ts';
import { Failures, type FailuresSource } from './failures.ts';
import {
  chainsOf,
  runChain,
  type Answers,
  type CallMethod,
  type Chain,
  type Chains,
  type MethodMiddleware,
  type Middleware,
} from './middleware.ts';
import type { Offer } from './offer.ts';
import { refusalOf, tellRefusal, type RefusedRequest } from './refusals.ts';
import { problemText, readable } from './problem.ts';
import { promptMessages } from './prompt-result.ts';
import { resourceResult } from './resource-result.ts';
import { parseOutput, problemResult, toolResult } from './tool-result.ts';

type Completions = Parameters<typeof completionsFor>[2];

/** What the pipeline needs to know of the server. */
export interface DispatchSource extends FailuresSource {
  readonly offer: Offer;
  /** The instance that a definition is called on, once `setup` has made it. */
  instanceOf(definition: Definition): Promise<object | undefined>;
  /** Outermost first. */
  readonly middleware: readonly (Middleware | MethodMiddleware)[];
}

/** A call whose definition was found. */
interface Found<M extends CallMethod> {
  readonly method: M;
  readonly definition: ToolDefinition | PromptDefinition | ResourceDefinition;
  readonly uri?: string;
  readonly given: unknown;
  readonly context: Context;
}

/**
 * The one way of a request: find → middleware (parse arguments → call → parse the result) → or map the error. An
 * unknown name is a protocol error; everything wrong inside a known tool is a result that the model reads (SEP-1303).
 */
export class Dispatch {
  readonly #source: DispatchSource;
  readonly #failures: Failures;
  readonly #chains: Chains;
  /** Of what was mounted: inside of the server's own. */
  readonly #innerChains = new WeakMap<Home, Chains>();

  constructor(source: DispatchSource) {
    this.#source = source;
    this.#failures = new Failures(source);
    this.#chains = chainsOf(source.middleware);
  }

  /** Answers `tools/call`. */
  async callTool(name: string, given: unknown, context: Context): Promise<CallToolResult> {
    const tool = this.#source.offer.tool(name, context.auth);
    try {
      return await this.#through(
        { method: 'tools/call', definition: tool, given, context },
        async (values, current) => {
          const parsed = await parseArguments(tool, values);
          if (tool.options.confirm !== undefined) await confirmCall(tool.options.confirm, parsed, current);
          return toolResult(tool, await this.#call(tool, parsed, current));
        },
      );
    } catch (error) {
      return problemResult(this.#failures.problem(error, tool, context));
    }
  }

  /** Answers `prompts/get`. */
  async getPrompt(name: string, given: unknown, context: Context): Promise<GetPromptResult> {
    const prompt = this.#source.offer.prompt(name, context.auth);
    try {
      return await this.#through(
        { method: 'prompts/get', definition: prompt, given, context },
        async (values, current) => {
          const returned = (await this.#call(prompt, await parseArguments(prompt, values), current)) as PromptResult;
          return {
            ...(prompt.description !== undefined && { description: prompt.description }),
            messages: promptMessages(returned),
          };
        },
      );
    } catch (error) {
      throw this.#failures.protocolError(error, prompt, context);
    }
  }

  /** Answers `resources/read`. */
  async readResource(uri: string, context: Context): Promise<ReadResourceResult> {
    const { resource, variables } = this.#source.offer.resource(uri, context.auth);
    try {
      return await this.#through(
        { method: 'resources/read', definition: resource, uri, given: variables, context },
        async (values, current) => {
          const returned = await this.#call(resource, await parseArguments(resource, values), current);
          const value = resource.output ? await parseOutput(resource.name, resource.output, returned) : returned;
          return resourceResult(uri, resource, value, this.#cacheHint(resource, current));
        },
      );
    } catch (thrown) {
      const error = readable(thrown);
      if (error instanceof NotFoundError) throw new ResourceNotFoundError(uri, problemText(error));
      throw this.#failures.protocolError(error, resource, context);
    }
  }

  /** Clients before 2026 know nothing of it. */
  #cacheHint({ options: { cache } }: ResourceDefinition, { request }: Context): CacheHint | undefined {
    return cache && request.era === '2026' ? cacheHintOf(cache, this.#source.offer.shared) : undefined;
  }

  /** What the templates add to `resources/list`. */
  async listResources(context: Context): Promise<readonly ListedResource[]> {
    const { offer } = this.#source;
    const templates = offer.listings(context.auth).resourceTemplates; // those that the caller may see
    const listing = templates.map(async ({ uriTemplate }) => {
      const resource = offer.template(uriTemplate, context.auth);
      const { list } = resource.options;
      if (!list || !offer.isAllowed(resource, context.auth)) return [];
      try {
        return await list.call(await this.#source.instanceOf(resource), context);
      } catch (error) {
        throw this.#failures.protocolError(error, resource, context);
      }
    });
    return (await Promise.all(listing)).flat();
  }

  /** Answers `completion/complete` for an argument of a prompt. */
  async completePrompt(name: string, request: CompletionRequest, context: Context): Promise<CompleteResult> {
    return this.#complete(this.#source.offer.prompt(name, context.auth), request, context);
  }

  /** Answers `completion/complete` for a variable of a URI template. */
  async completeResource(template: string, request: CompletionRequest, context: Context): Promise<CompleteResult> {
    return this.#complete(this.#source.offer.template(template, context.auth), request, context);
  }

  async #complete(
    definition: PromptDefinition | ResourceDefinition,
    { argument, typed: begun, filled }: CompletionRequest,
    context: Context,
  ): Promise<CompleteResult> {
    try {
      return await this.#through(
        { method: 'completion/complete', definition, given: { [argument]: begun }, context },
        async (values, current) => {
          const complete = bound(definition.options.complete, await this.#source.instanceOf(definition));
          const { [argument]: typed = '' } = values as Readonly<Record<string, string>>;
          const request = { argument, typed, filled };
          return { completion: await completionsFor(request, definition.input.json, complete, current) };
        },
      );
    } catch (error) {
      throw this.#failures.protocolError(error, definition, context);
    }
  }

  async #call(definition: Definition, values: Values, context: Context): Promise<unknown> {
    const instance = await this.#source.instanceOf(definition);
    return definition.call(instance, values, context);
  }

  /** Runs `answer` inside of the middleware; without any there is nothing to pay for it. */
  #through<M extends CallMethod>(
    found: Found<M>,
    answer: (given: Values, context: Context) => Promise<Answers[M]>,
  ): Promise<Answers[M]> {
    const { method, definition, uri, given, context } = found;
    const chain: Chain<M> = this.#chainsOf(definition)[method];
    const values = (given ?? {}) as Values;
    // before the middleware, which may answer by itself, such as from a cache
    if (!this.#source.offer.isAllowed(definition, context.auth)) return this.#refuse(found);
    if (chain.length === 0) return answer(values, context);
    const call = {
      method,
      name: definition.name,
      uri,
      arguments: values,
      context,
      definition: calledDefinition(method === 'tools/call' ? 'tool' : 'other', definition),
      failureOf: (error: unknown) => this.#failures.failure(method, error, definition, context),
    };
    return runChain(chain, call, answer);
  }

  /** Tells middleware of a request that is refused for want of scopes. */
  async refused(refused: RefusedRequest): Promise<void> {
    const { middleware } = this.#source;
    await tellRefusal([...middleware, ...(refused.entry.home?.middleware ?? [])], refusalOf(refused));
  }

  /** Where the transport has no answer of its own for it. */
  async #refuse({ method, definition: entry, uri, given, context }: Found<CallMethod>): Promise<never> {
    const { auth, request } = context;
    const scopes = entry.options.scopes ?? [];
    const params = { ...(uri === undefined ? {} : { uri }), arguments: given };
    const message = { jsonrpc: '2.0' as const, id: request.messageId, method, params };
    const client = request.client;
    await this.refused({ request: message, entry, scopes, auth, client, id: request.id });
    return this.#source.offer.assertScopes(entry, auth) as never;
  }

  #chainsOf({ home }: Definition): Chains {
    if (!home) return this.#chains;
    let chains = this.#innerChains.get(home);
    if (!chains) {
      this.#innerChains.set(home, (chains = chainsOf([...this.#source.middleware, ...home.middleware])));
    }
    return chains;
  }
}

/** `complete` functions run as methods of the instance. */
function bound(complete: Completions, instance: object | undefined): Completions {
  return (
    complete && Object.fromEntries(Object.entries(complete).map(([name, suggest]) => [name, suggest?.bind(instance)]))
  );
}
