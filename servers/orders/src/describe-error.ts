import { describeDatabaseError } from '@mortise/database';
import type { Problem } from '@mortise/toolkit';

/** SQLSTATE of a statement that waited too long for a lock. */
const LOCK_NOT_AVAILABLE = '55P03';

/** SQLSTATE of a time zone that Postgres does not know: systems differ in which old names they keep. */
const INVALID_PARAMETER_VALUE = '22023';

/** What a caller may know of an error of the database. */
export function describeError(error: unknown): Problem | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (code === INVALID_PARAMETER_VALUE) {
    return {
      code: 'INVALID_ARGUMENT',
      message: 'The database does not know this timezone.',
      hint: 'Use the current name of the zone, such as Asia/Kolkata for Asia/Calcutta, or pass instants with an offset.',
    };
  }
  if (code === LOCK_NOT_AVAILABLE) {
    return {
      code: 'ORDER_LOCKED',
      message: 'Somebody else is changing this order right now.',
      hint: 'Nothing was changed. Wait a few seconds, then repeat the call with the same arguments.',
      retryable: true,
    };
  }
  return describeDatabaseError(error);
}
