import { randomUUID } from 'node:crypto';

import {
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type InputRequiredResult,
  type McpRequestContext,
  type McpServerOptions,
  type ServerCapabilities,
  type ServerContext,
  type ServerEventBus,
} from '@modelcontextprotocol/server';

import type { Context, Era, Notify } from '../context/context.ts';
import { createContext } from '../context/create-context.ts';
import type { WriteLog } from '../context/log.ts';
import { Suspension } from '../context/questions.ts';
import type { StateSealer } from '../context/sealed-state.ts';
import type { CallRegistry } from './calls.ts';
import { forwardChanges } from './changes.ts';
import type { Dispatch } from './dispatch.ts';
import type { Listings } from './listings.ts';

/** What every connection shares. */
export interface ConnectSource {
  readonly information: { readonly name: string; readonly version: string; readonly title?: string };
  readonly instructions: string | undefined;
  readonly listings: Listings;
  readonly dispatch: Dispatch;
  readonly calls: CallRegistry;
  readonly writeLog: WriteLog;
  readonly sealer: StateSealer;
  readonly bus: ServerEventBus;
  readonly notify: Notify;
}

/**
 * A thin SDK server for one connection or request. The lists were made once; the methods of the protocol go to
 * {@link Dispatch} directly, past the SDK's own tool registry, which would convert every schema again.
 */
export function connect(source: ConnectSource, { era, requestInfo }: McpRequestContext): McpServer {
  const { listings, dispatch, instructions } = source;
  const { tools, prompts, resources, resourceTemplates } = listings;
  const capabilities = capabilitiesOf(listings);
  const mcp = new ThinServer(source, { capabilities, ...(instructions !== undefined && { instructions }) });
  const { server } = mcp;
  const served: Era = era === 'modern' ? '2026' : '2025';

  const answer = <T>(request: ServerContext, subject: unknown, call: (context: Context) => Promise<T>): Promise<T> =>
    source.calls.run(request.mcpReq.signal, (signal) => {
      const binding = JSON.stringify([request.mcpReq.method, subject]);
      return call(createContext({ ...source, id: randomUUID(), era: served, server: mcp, request, signal, binding }));
    });

  if (capabilities.tools) {
    server.setRequestHandler('tools/list', () => ({ tools: [...tools] }));
    server.setRequestHandler('tools/call', ({ params: { name, arguments: values } }, request) =>
      asking(answer(request, [name, values], (context) => dispatch.callTool(name, values, context))),
    );
  }
  if (capabilities.prompts) {
    server.setRequestHandler('prompts/list', () => ({ prompts: [...prompts] }));
    server.setRequestHandler('prompts/get', ({ params: { name, arguments: values } }, request) =>
      asking(answer(request, [name, values], (context) => dispatch.getPrompt(name, values, context))),
    );
  }
  if (capabilities.resources) {
    server.setRequestHandler('resources/list', () => ({ resources: [...resources] }));
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [...resourceTemplates] }));
    server.setRequestHandler('resources/read', ({ params: { uri } }, request) =>
      asking(answer(request, uri, (context) => dispatch.readResource(uri, context))),
    );
  }
  if (capabilities.completions) {
    server.setRequestHandler('completion/complete', ({ params: { ref, argument } }, request) =>
      answer(request, ref, (context) =>
        ref.type === 'ref/prompt'
          ? dispatch.completePrompt(ref.name, argument.name, argument.value, context)
          : dispatch.completeResource(ref.uri, argument.name, argument.value, context),
      ),
    );
  }
  if (era === 'legacy') forwardChanges(source.bus, mcp, subscriptionsOf(mcp, capabilities));
  else if (!requestInfo) forwardChanges(source.bus, mcp, undefined); // stdio: the connection is the instance
  return mcp;
}

/**
 * Knows no definitions of its own. The SDK's HTTP handler asks an `McpServer` for the schema of the tool that a request
 * names, to compare the `Mcp-Param-*` headers with the arguments (SEP-2243) before the request is dispatched.
 */
class ThinServer extends McpServer {
  readonly #listings: Listings;

  constructor({ information, listings }: ConnectSource, options: McpServerOptions) {
    super(information, options);
    this.#listings = listings;
  }

  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    return this.#listings.tools.find((tool) => tool.name === name)?.inputSchema;
  }
}

function capabilitiesOf({ tools, prompts, resources, resourceTemplates }: Listings): ServerCapabilities {
  return {
    logging: {},
    ...(tools.length > 0 && { tools: { listChanged: true } }),
    ...(prompts.length > 0 && { prompts: { listChanged: true } }),
    ...(resources.length + resourceTemplates.length > 0 && { resources: { listChanged: true, subscribe: true } }),
    ...(prompts.length + resourceTemplates.length > 0 && { completions: {} }),
  };
}

/** Resources that one 2025 client may follow at a time. */
const MAX_SUBSCRIPTIONS = 1_000;

/** The resources that a 2025 client follows (specification 2025-11-25, server/resources, "Subscriptions"). */
function subscriptionsOf({ server }: McpServer, { resources }: ServerCapabilities): ReadonlySet<string> {
  const followed = new Set<string>();
  if (resources) {
    server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
      if (followed.size >= MAX_SUBSCRIPTIONS) {
        const message = `At most ${MAX_SUBSCRIPTIONS} resources can be followed. Unsubscribe from one first.`;
        throw new ProtocolError(ProtocolErrorCode.InvalidRequest, message);
      }
      followed.add(uri);
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
      followed.delete(uri);
      return {};
    });
  }
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
