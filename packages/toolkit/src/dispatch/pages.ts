import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';

/** One page of a list (specification, server/utilities/pagination). */
export interface Page<T> {
  readonly items: T[];
  readonly nextCursor?: string;
}

/**
 * What comes after the cursor. A cursor is the last key that the client has seen, so that a list that changed between
 * two pages neither repeats nor loses what stayed.
 * @param size - Entries on one page; undefined for all of them
 * @throws ProtocolError -32602 for a cursor that names nothing in the list
 */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (entry: T) => string,
  size: number | undefined,
  cursor: string | undefined,
): Page<T> {
  const after = cursor === undefined ? -1 : all.findIndex((entry) => cursorOf(keyOf(entry)) === cursor);
  if (cursor !== undefined && after === -1) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid cursor. Ask for the list again without one.');
  }
  const items = all.slice(after + 1, size === undefined ? undefined : after + 1 + size);
  const last = items.at(-1);
  const isWhole = last === undefined || after + 1 + items.length >= all.length;
  return isWhole ? { items } : { items, nextCursor: cursorOf(keyOf(last)) };
}

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}
