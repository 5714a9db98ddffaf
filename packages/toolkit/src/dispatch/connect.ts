import { randomUUID } from 'node:crypto';

import {
  McpServer,
  type InputRequiredResult,
  type McpRequestContext,
  type ServerContext,
} from '@modelcontextprotocol/server';

import type { Context, Era } from '../context/context.ts';
import { createContext } from '../context/create-context.ts';
import type { WriteLog } from '../context/log.ts';
import { Suspension } from '../context/questions.ts';
import type { StateSealer } from '../context/sealed-state.ts';
import type { CallRegistry } from './calls.ts';
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
}

/**
 * A thin SDK server for one connection or request. The lists were made once; the methods of the protocol go to
 * {@link Dispatch} directly, past the SDK's own tool registry, which would convert every schema again.
 */
export function connect(source: ConnectSource, { era }: McpRequestContext): McpServer {
  const { listings, dispatch, instructions } = source;
  const { tools, prompts, resources, resourceTemplates } = listings;
  const offersResources = resources.length + resourceTemplates.length > 0;
  const mcp = new McpServer(source.information, {
    capabilities: {
      logging: {},
      ...(tools.length > 0 && { tools: {} }),
      ...(prompts.length > 0 && { prompts: {} }),
      ...(offersResources && { resources: {} }),
      ...((prompts.length > 0 || resourceTemplates.length > 0) && { completions: {} }),
    },
    ...(instructions !== undefined && { instructions }),
  });
  const { server } = mcp;
  const during = <T>(request: ServerContext, subject: unknown, call: (context: Context) => Promise<T>): Promise<T> =>
    source.calls.run(request.mcpReq.signal, (signal) => {
      const served: Era = era === 'modern' ? '2026' : '2025';
      const { writeLog, sealer } = source;
      const binding = JSON.stringify([request.mcpReq.method, subject]);
      return call(
        createContext({ id: randomUUID(), era: served, server: mcp, request, signal, writeLog, sealer, binding }),
      );
    });

  if (tools.length > 0) {
    server.setRequestHandler('tools/list', () => ({ tools: [...tools] }));
    server.setRequestHandler('tools/call', ({ params }, request) =>
      asking(
        during(request, [params.name, params.arguments], (context) =>
          dispatch.callTool(params.name, params.arguments, context),
        ),
      ),
    );
  }
  if (prompts.length > 0) {
    server.setRequestHandler('prompts/list', () => ({ prompts: [...prompts] }));
    server.setRequestHandler('prompts/get', ({ params }, request) =>
      asking(
        during(request, [params.name, params.arguments], (context) =>
          dispatch.getPrompt(params.name, params.arguments, context),
        ),
      ),
    );
  }
  if (offersResources) {
    server.setRequestHandler('resources/list', () => ({ resources: [...resources] }));
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [...resourceTemplates] }));
    server.setRequestHandler('resources/read', ({ params }, request) =>
      asking(during(request, params.uri, (context) => dispatch.readResource(params.uri, context))),
    );
  }
  if (prompts.length > 0 || resourceTemplates.length > 0) {
    server.setRequestHandler('completion/complete', ({ params: { ref, argument } }, request) =>
      during(request, ref, async (context) => ({
        completion: await (ref.type === 'ref/prompt'
          ? dispatch.completePrompt(ref.name, argument.name, argument.value, context)
          : dispatch.completeResource(ref.uri, argument.name, argument.value, context)),
      })),
    );
  }
  return mcp;
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
