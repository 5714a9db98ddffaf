import { describeTimeZoneError } from '@mortise/commerce';
import { describeDatabaseError } from '@mortise/database';
import type { Problem } from '@mortise/toolkit';

/** SQLSTATE of a statement that waited too long for a lock. */
const LOCK_NOT_AVAILABLE = '55P03';

/** What a caller may know of an error of the database. */
export function describeError(error: unknown): Problem | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (code === LOCK_NOT_AVAILABLE) {
    return {
      code: 'ORDER_LOCKED',
      message: 'Somebody else is changing this order right now.',
      hint: 'Nothing was changed. Wait a few seconds, then repeat the call with the same arguments.',
      retryable: true,
    };
  }
  return describeTimeZoneError(error) ?? describeDatabaseError(error);
}
