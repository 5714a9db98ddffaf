import type { AuthInfo } from '@modelcontextprotocol/server';
import type { ServerResponse } from 'node:http';

/** The longest wait of a timer; a stream that is open for longer is closed then. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Closes a stream that stays open when the token of its caller expires; the client opens it again with a new one.
 * Answers of calls are not cut: who was allowed to call may have the answer.
 */
export function closeAtExpiry(response: ServerResponse, caller: AuthInfo | undefined): void {
  if (caller?.expiresAt === undefined) return;
  const left = caller.expiresAt * 1_000 - Date.now();
  const timer = setTimeout(() => response.destroy(), Math.min(left, LONGEST_MS)).unref();
  response.once('close', () => clearTimeout(timer));
}
