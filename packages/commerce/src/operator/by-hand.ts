import { describeDatabaseError } from '@mortise/database';

/** For what an operator starts by hand: to build an index on a large table, or to fill one, takes as long as it takes. */
export const unlimited = { statementTimeout: 0, lockTimeout: 0, idleInTransactionTimeout: 0 } as const;

/**
 * What went wrong, in one line for the operator.
 * @param otherwise - What to say of what nobody knows how to explain
 */
export function explained(error: unknown, otherwise: string): string {
  const described = describeDatabaseError(error);
  return described ? `${described.message} ${described.hint}` : otherwise;
}
