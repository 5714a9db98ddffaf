import {
  classifyInboundRequest,
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  type ClientCapabilities,
  type Implementation,
} from '@modelcontextprotocol/server';

import type { Era } from '../context/context.ts';

/** A `tools/call` or `tools/list` that leaves nothing to judge: what is not such a request is the SDK's to answer. */
export interface PlainRequest {
  readonly id: string | number;
  readonly era: Era;
  readonly method: 'tools/call' | 'tools/list';
  /** Of the tool; empty in a `tools/list`. */
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>> | undefined;
  readonly meta: Readonly<Record<string, unknown>> | undefined;
}

/** The only revision of the 2026 era that is served. */
export const REVISION_2026 = '2026-07-28';

type Json = Readonly<Record<string, unknown>>;

const MESSAGE: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params']);
const PARAMS: Readonly<Record<PlainRequest['method'], ReadonlySet<string>>> = {
  'tools/call': new Set(['name', 'arguments', '_meta']),
  'tools/list': new Set(['_meta']),
};
const NONE: Json = {};

/** Reads a message; undefined when anything about it is unusual. */
export function plainRequest(message: unknown): PlainRequest | undefined {
  if (!isObject(message) || !hasOnly(message, MESSAGE)) return undefined;
  const { jsonrpc, id, method, params = NONE } = message;
  if (jsonrpc !== '2.0' || (typeof id !== 'string' && !Number.isSafeInteger(id))) return undefined;
  if ((method !== 'tools/call' && method !== 'tools/list') || !isObject(params)) return undefined;
  const { name = '', arguments: values, _meta: meta } = params;
  if (!hasOnly(params, PARAMS[method]) || typeof name !== 'string') return undefined;
  if (!(values === undefined || isObject(values)) || !(meta === undefined || isObject(meta))) return undefined;
  if (meta && !isProgressToken(meta['progressToken'])) return undefined;
  const modern = meta !== undefined && PROTOCOL_VERSION_META_KEY in meta;
  if (modern ? !isAccepted(meta, message, method, name) : meta && hasReserved(meta)) return undefined;
  return { id: id as string | number, era: modern ? '2026' : '2025', method, name, values, meta };
}

/** Who sent a request of 2026: it says so itself. */
export function clientOf({ meta }: PlainRequest): {
  client: Implementation | undefined;
  capabilities: ClientCapabilities | undefined;
} {
  return {
    client: meta?.[CLIENT_INFO_META_KEY] as Implementation | undefined,
    capabilities: meta?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined,
  };
}

/** Envelopes that the SDK has accepted; a client sends the same one with all of its requests. */
const ACCEPTED = new Set<string>();
const MOST_ACCEPTED = 1_000;
const LONGEST_ACCEPTED = 4_096;

/** Whether the envelope of a request of 2026 is one that the SDK accepts. */
function isAccepted(meta: Json, body: Json, method: string, name: string): boolean {
  if (meta[PROTOCOL_VERSION_META_KEY] !== REVISION_2026) return false;
  const envelope = JSON.stringify([
    meta[CLIENT_INFO_META_KEY],
    meta[CLIENT_CAPABILITIES_META_KEY],
    meta[LOG_LEVEL_META_KEY],
  ]);
  if (ACCEPTED.has(envelope)) return true;
  const { kind } = classifyInboundRequest({
    httpMethod: 'POST',
    protocolVersionHeader: REVISION_2026,
    mcpMethodHeader: method,
    mcpNameHeader: name,
    body,
  });
  if (kind !== 'modern') return false;
  if (ACCEPTED.size >= MOST_ACCEPTED) ACCEPTED.clear();
  if (envelope.length <= LONGEST_ACCEPTED) ACCEPTED.add(envelope);
  return true;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(object: Json, names: ReadonlySet<string>): boolean {
  for (const name in object) if (!names.has(name)) return false;
  return true;
}

function hasReserved(meta: Json): boolean {
  for (const name in meta) if (name.startsWith('io.modelcontextprotocol/')) return true;
  return false;
}

function isProgressToken(token: unknown): boolean {
  return token === undefined || typeof token === 'string' || Number.isSafeInteger(token);
}
