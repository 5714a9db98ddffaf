/** Codes of the JSON-RPC errors that a transport answers itself (specification 2026-07-28, basic, "Error codes"). */
export const CODES = {
  parseError: -32_700,
  invalidRequest: -32_600,
  internalError: -32_603,
  /** The transport refuses for a reason of its own. */
  refused: -32_000,
  /** 2025-11-25: the session is unknown; the client begins a new one. */
  sessionNotFound: -32_001,
} as const;

/** The id of a request, as its answer repeats it. */
export type AnswerId = string | number | null;

/** A JSON-RPC error answer. */
export interface ErrorAnswer {
  readonly jsonrpc: '2.0';
  readonly id: AnswerId;
  readonly error: { readonly code: number; readonly message: string };
}

/** An error answer that a transport gives without asking the server. */
export function errorAnswer(id: AnswerId, code: number, message: string): ErrorAnswer {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

/** The id to answer whatever `message` is: null unless it has a usable one. */
export function idOf(message: unknown): AnswerId {
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** The method of a message that wants an answer; undefined for notifications, answers and everything else. */
export function requestedMethod(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('method' in message) || !('id' in message)) return undefined;
  return typeof message.method === 'string' ? message.method : undefined;
}
