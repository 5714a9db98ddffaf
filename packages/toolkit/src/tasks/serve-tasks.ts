import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';

import type { Auth } from '../context/context.ts';
import { sdkExchange } from '../context/exchange.ts';
import type { Tasks } from './tasks.ts';

const PARAMS = z.looseObject({ taskId: z.string().max(100) });
const RESULT = z.looseObject({});

/** Answers the methods of the tasks extension (SEP-2663) on one server of 2026. */
export function serveTasks(mcp: McpServer, tasks: Tasks, callerOf: (request: ServerContext) => Auth | undefined): void {
  const { server } = mcp;
  const schemas = { params: PARAMS, result: RESULT };
  server.setRequestHandler('tasks/get', schemas, ({ taskId }, request) =>
    tasks.get(taskId, sdkExchange(mcp, '2026', request), callerOf(request)),
  );
  server.setRequestHandler('tasks/update', schemas, async ({ taskId }, request) => {
    const given = request.mcpReq.inputResponses ?? {};
    await tasks.update(taskId, given, sdkExchange(mcp, '2026', request), callerOf(request));
    return {};
  });
  server.setRequestHandler('tasks/cancel', schemas, async ({ taskId }, request) => {
    await tasks.cancel(taskId, sdkExchange(mcp, '2026', request), callerOf(request));
    return {};
  });
}
