import {
  McpServer,
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  type Implementation,
  type InputRequiredResult,
  type McpRequestContext,
  type McpServerOptions,
  type Resource,
  type ServerCapabilities,
  type ServerContext,
  type ServerEventBus,
} from '@modelcontextprotocol/server';

import { authOf } from '../auth/principal.ts';
import type { Auth, Context, Era } from '../context/context.ts';
import { APPS_EXTENSION } from '../define/apps.ts';
import { createContext, type SharedSource } from '../context/create-context.ts';
import { Detachment } from '../context/detachment.ts';
import { sdkExchange } from '../context/exchange.ts';
import { Suspension } from '../context/questions.ts';
import { Call, type CallRegistry } from './calls.ts';
import { forwardChanges } from './changes.ts';
import type { Adopt } from './direct-call.ts';
import type { Dispatch } from './dispatch.ts';
import type { ListCacheHints } from './list-caching.ts';
import type { Listings } from './listings.ts';
import { pageOf } from './pages.ts';
import { serveSkills, SKILLS_EXTENSION, type OfferedSkills } from './skills.ts';
import { named, type Offer } from './offer.ts';
import { TASKS_EXTENSION } from '../tasks/task-record.ts';
import { serveTasks } from '../tasks/serve-tasks.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { ToolError } from '../define/errors.ts';
import { problemResult } from './tool-result.ts';

type CallValues = Readonly<Record<string, unknown>> | undefined;

/** What every connection shares. */
export interface ConnectSource extends SharedSource {
  readonly information: Implementation;
  /** Entries on one page of a list; undefined for all of them. */
  readonly pageSize: number | undefined;
  readonly cacheHints: ListCacheHints;
  readonly skills: OfferedSkills | undefined;
  readonly tasks: Tasks;
  /** Rejects with -32602 when the state of a question was used before. */
  spendState(state: unknown): Promise<void>;
  readonly instructions: string | undefined;
  readonly offer: Offer;
  /** Who calls where the transport carries no token. */
  readonly principal: Auth | undefined;
  readonly dispatch: Dispatch;
  readonly calls: CallRegistry;
  readonly bus: ServerEventBus;
}

/**
 * A thin SDK server for one connection or request. The lists were made once; the methods of the protocol go to
 * {@link Dispatch} directly, past the SDK's own tool registry, which would convert every schema again.
 * @param adopt - Finds the call that was begun for a request before it was handed to this server
 */
export function connect(source: ConnectSource, connection: McpRequestContext, adopt?: Adopt): McpServer {
  const { era, requestInfo, authInfo } = connection;
  const { offer, dispatch, instructions, pageSize, cacheHints } = source;
  const { skills, tasks } = source;
  const capabilities = capabilitiesOf(offer.everything, skills !== undefined, offer.hasTasks && era === 'modern');
  const callerOf = ({ http }: ServerContext): Auth | undefined => authOf(http?.authInfo) ?? source.principal;
  const mcp = new ThinServer(source, authOf(authInfo) ?? source.principal, {
    capabilities,
    cacheHints,
    ...(instructions !== undefined && { instructions }),
  });
  const { server } = mcp;
  const served: Era = era === 'modern' ? '2026' : '2025';

  const listed = (request: ServerContext): Listings => offer.listings(callerOf(request));
  const answer = <T>(
    request: ServerContext,
    subject: unknown,
    run: (context: Context) => Promise<T>,
    detaches?: boolean,
  ): Promise<T> => {
    const call = new Call();
    call.follow(request.mcpReq.signal);
    const exchange = sdkExchange(mcp, served, request);
    const auth = callerOf(request);
    return source.calls.run(call, async () => {
      const context = createContext({ exchange, call, auth, subject, shared: source, detaches });
      if (exchange.requestState !== undefined) await source.spendState(exchange.requestState);
      return run(context);
    });
  };

  const callTool = async (name: string, values: CallValues, request: ServerContext): Promise<CallToolResult> => {
    const auth = callerOf(request);
    const { options } = offer.tool(name, auth);
    const exchange = sdkExchange(mcp, served, request);
    let becomesTask: boolean;
    try {
      becomesTask = tasks.isWanted(options, exchange);
    } catch (error) {
      if (error instanceof ToolError) return problemResult(error);
      throw error;
    }
    // the SDK's types know no tasks: they are an extension
    const asTask = (state?: string): Promise<CallToolResult> =>
      tasks.begin(exchange, auth, name, values, state) as Promise<never>;
    if (becomesTask && options.detaches !== true) return asTask();
    const run = (context: Context): Promise<CallToolResult> => dispatch.callTool(name, values, context);
    try {
      return await answer(request, [name, values], run, becomesTask);
    } catch (error) {
      if (error instanceof Detachment) return asTask(error.state);
      throw error;
    }
  };

  if (capabilities.tools) {
    server.setRequestHandler('tools/list', ({ params }, request) => {
      const { items: tools, ...more } = pageOf(listed(request).tools, nameOf, pageSize, params?.cursor);
      return { tools, ...more };
    });
    server.setRequestHandler('tools/call', ({ params: { name, arguments: values } }, request) =>
      asking(adopt?.(request)?.adoptedBy(request) ?? callTool(name, values, request)),
    );
  }
  if (capabilities.prompts) {
    server.setRequestHandler('prompts/list', ({ params }, request) => {
      const { items: prompts, ...more } = pageOf(listed(request).prompts, nameOf, pageSize, params?.cursor);
      return { prompts, ...more };
    });
    server.setRequestHandler('prompts/get', ({ params: { name, arguments: values } }, request) =>
      asking(answer(request, [name, values], (context) => dispatch.getPrompt(name, values, context))),
    );
  }
  if (capabilities.resources) {
    server.setRequestHandler('resources/list', ({ params }, request) =>
      answer(request, undefined, async (context) => {
        const all = [...listed(request).resources, ...((await dispatch.listResources(context)) as Resource[])];
        const { items: resources, ...more } = pageOf(all, ({ uri }) => uri, pageSize, params?.cursor);
        return { resources, ...more };
      }),
    );
    server.setRequestHandler('resources/templates/list', ({ params }, request) => {
      const all = listed(request).resourceTemplates;
      const { items, ...more } = pageOf(all, ({ uriTemplate }) => uriTemplate, pageSize, params?.cursor);
      return { resourceTemplates: items, ...more };
    });
    server.setRequestHandler('resources/read', ({ params: { uri } }, request) =>
      asking(answer(request, uri, (context) => dispatch.readResource(uri, context))),
    );
  }
  if (capabilities.completions) {
    server.setRequestHandler('completion/complete', ({ params: { ref, argument, context: known } }, request) => {
      const wanted = { argument: argument.name, typed: argument.value, filled: known?.arguments ?? {} };
      return answer(request, ref, (context) =>
        ref.type === 'ref/prompt'
          ? dispatch.completePrompt(ref.name, wanted, context)
          : dispatch.completeResource(ref.uri, wanted, context),
      );
    });
  }
  if (served === '2026' && capabilities.extensions?.[TASKS_EXTENSION]) serveTasks(mcp, tasks, callerOf);
  if (skills) serveSkills(mcp, served, { skills, offer, pageSize, callerOf });
  if (era === 'legacy') {
    const followed = capabilities.resources ? subscriptionsOf(mcp, offer, callerOf) : new Set<string>();
    forwardChanges(source.bus, mcp, (uri) => followed.has(uri));
  } else if (!requestInfo) {
    // stdio: the connection is the instance
    forwardChanges(source.bus, mcp, (uri) => offer.mayFollow(uri, source.principal));
  }
  return mcp;
}

/**
 * Knows no definitions of its own. The SDK's HTTP handler asks an `McpServer` for the schema of the tool that a request
 * names, to compare the `Mcp-Param-*` headers with the arguments (SEP-2243) before the request is dispatched.
 */
class ThinServer extends McpServer {
  readonly #offer: Offer;
  readonly #caller: Auth | undefined;

  constructor({ information, offer, dispatch }: ConnectSource, caller: Auth | undefined, options: McpServerOptions) {
    super(information, options);
    this.#offer = offer;
    this.#caller = caller;
    // before the request is dispatched: 403 with the scopes (RFC 6750, section 3.1)
    this.resolveScopeChallenge = async ({ request, authInfo }) => {
      const auth = authOf(authInfo);
      const lacking = offer.lacking(request, auth);
      if (!lacking) return undefined;
      await dispatch.refused({ request, ...lacking, auth, client: this.server.getClientVersion() });
      return { scopes: lacking.scopes, errorDescription: `This call needs ${named(lacking.scopes)}` };
    };
  }

  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    return this.#offer.listings(this.#caller).tools.find((tool) => tool.name === name)?.inputSchema;
  }
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function capabilitiesOf(
  { tools, prompts, resources, resourceTemplates }: Listings,
  hasSkills: boolean,
  hasTasks: boolean,
): ServerCapabilities {
  const extensions = {
    ...(tools.some(({ _meta }) => _meta?.['ui'] !== undefined) && { [APPS_EXTENSION]: {} }),
    ...(hasTasks && { [TASKS_EXTENSION]: {} }),
    ...(hasSkills && { [SKILLS_EXTENSION]: { directoryRead: true } }),
  };
  return {
    logging: {},
    ...(Object.keys(extensions).length > 0 && { extensions }),
    ...(tools.length > 0 && { tools: { listChanged: true } }),
    ...(prompts.length > 0 && { prompts: { listChanged: true } }),
    ...(resources.length + resourceTemplates.length > 0 && { resources: { listChanged: true, subscribe: true } }),
    ...(prompts.length + resourceTemplates.length > 0 && { completions: {} }),
  };
}

/** Resources that one 2025 client may follow at a time. */
const MAX_SUBSCRIPTIONS = 1_000;

/** The resources that a 2025 client follows (specification 2025-11-25, server/resources, "Subscriptions"). */
function subscriptionsOf(
  { server }: McpServer,
  offer: Offer,
  callerOf: (request: ServerContext) => Auth | undefined,
): ReadonlySet<string> {
  const followed = new Set<string>();
  server.setRequestHandler('resources/subscribe', ({ params: { uri } }, request) => {
    if (followed.size >= MAX_SUBSCRIPTIONS) {
      const message = `At most ${MAX_SUBSCRIPTIONS} resources can be followed. Unsubscribe from one first.`;
      throw new ProtocolError(ProtocolErrorCode.InvalidRequest, message);
    }
    // without a right to it there is nothing to hear, and nothing to learn from the answer
    if (offer.mayFollow(uri, callerOf(request))) followed.add(uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    followed.delete(uri);
    return {};
  });
  return followed;
}

/** A handler that waits for the user's answer: the question is the result. */
async function asking<T>(call: Promise<T>): Promise<T | InputRequiredResult> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Suspension) return error.result;
    throw error;
  }
}
