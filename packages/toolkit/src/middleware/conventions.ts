import type { Call } from '../dispatch/middleware.ts';
import type { Ending } from './observe.ts';

/**
 * The names and values that the semantic conventions of OpenTelemetry for MCP give to a call
 * (open-telemetry/semantic-conventions-genai, docs/gen-ai/mcp.md). Every value is one of a set that the server defines.
 */
export function callAttributes({ method, name, definition, context }: Call): Record<string, string> {
  const overHttp = context.request.headers !== undefined;
  return {
    'mcp.method.name': method,
    ...(definition.kind === 'tool' && { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name }),
    ...(definition.kind === 'prompt' && { 'gen_ai.prompt.name': name }),
    'network.transport': overHttp ? 'tcp' : 'pipe',
    ...(overHttp && { 'network.protocol.name': 'http' }),
  };
}

/** What the conventions say of the end of a call, and the code of the error as `mortise.error.code`. */
export function endingAttributes(ending: Ending): Record<string, string> {
  const { code, jsonRpcCode } = ending;
  const type = errorType(ending);
  return {
    ...(type !== undefined && { 'error.type': type }),
    ...(jsonRpcCode !== undefined && { 'rpc.response.status_code': String(jsonRpcCode) }),
    ...(code !== undefined && { 'mortise.error.code': code }),
  };
}

/** JSON-RPC codes that say that the client asked for what cannot be: no error of the server's. */
const FAULTS_OF_THE_CLIENT: readonly number[] = [-32_700, -32_600, -32_601, -32_602, -32_002];

function errorType({ outcome, jsonRpcCode }: Ending): string | undefined {
  if (outcome === 'ok' || outcome === 'input_required') return undefined;
  if (jsonRpcCode === undefined) return 'tool_error';
  return FAULTS_OF_THE_CLIENT.includes(jsonRpcCode) ? undefined : String(jsonRpcCode);
}

/** Name, unit and buckets of the metric that every call is measured with. */
export const DURATION: {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly buckets: readonly number[];
} = {
  name: 'mcp.server.operation.duration',
  description: 'Duration of a request from its arrival until its result is ready.',
  unit: 's',
  buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
};

/** What the count of refusals is described by. */
export const REFUSED = 'Requests that their callers lacked the scopes for; they are in no other metric.';
