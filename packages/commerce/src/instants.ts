import { type DatabaseErrorDescription, DatabaseProblem } from '@mortise/database';
import { type RawBuilder, sql } from 'kysely';

const FORM =
  /^([1-9]\d{3})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,6})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;

/**
 * The instant that a date, a local time or a time with an offset stands for. Postgres reads the time zone, so that a day
 * with 23 or 25 hours is one day.
 * @param text - `2026-10-25`, `2026-10-25T09:30`, `2026-10-25T09:30:00Z` or with an offset such as `+02:00`
 * @param argument - What to call it when it is no instant
 * @param timezone - Where dates and local times are meant, checked by {@link timeZone}
 * @throws DatabaseProblem `INVALID_ARGUMENT`
 */
export function instant(argument: string, text: string, timezone: string): RawBuilder<string> {
  const [, year, month, day, , , , offset] = FORM.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() + 1 !== Number(month)) {
    throw invalidArgument(
      `${argument} is no date or time.`,
      'Write a date such as 2026-10-25 (midnight in timezone) or an instant such as 2026-10-25T09:30:00Z.',
    );
  }
  if (offset !== undefined) return sql<string>`${text}::timestamptz`;
  return sql<string>`(${text}::timestamp at time zone ${timezone})`;
}

/**
 * An IANA name such as `Europe/Berlin`. An offset is none: Postgres reads `+02` as two hours west.
 * @throws DatabaseProblem `INVALID_ARGUMENT`
 */
export function timeZone(name: string): string {
  if (/^[A-Za-z]+(?:\/[A-Za-z][\w+-]*)*$/.test(name) && isKnown(name)) return name;
  throw invalidArgument(
    'timezone is no time zone.',
    'Write an IANA name such as Europe/Berlin, or leave it out for UTC.',
  );
}

/** SQLSTATE of a parameter that Postgres does not know, such as a zone that its own data lacks. */
const INVALID_PARAMETER_VALUE = '22023';

/** Node and Postgres may know other zones: systems decide which old names they keep. */
export function describeTimeZoneError(error: unknown): DatabaseErrorDescription | undefined {
  if (!(error instanceof Error) || (error as { code?: unknown }).code !== INVALID_PARAMETER_VALUE) return undefined;
  return {
    code: 'INVALID_ARGUMENT',
    message: 'The database does not know this timezone.',
    hint: 'Use the current name of the zone, such as Asia/Kolkata for Asia/Calcutta, or pass instants with an offset.',
    retryable: false,
  };
}

function invalidArgument(message: string, hint: string): DatabaseProblem {
  return new DatabaseProblem({ code: 'INVALID_ARGUMENT', message, hint, retryable: false });
}

function isKnown(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
