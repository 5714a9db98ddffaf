import { type RawBuilder, sql } from 'kysely';

import { invalidArgument } from './problems.ts';

const FORM =
  /^([1-9]\d{3})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,6})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;

/**
 * The instant that a date, a local time or a time with an offset stands for. Postgres reads the time zone, so that a day
 * with 23 or 25 hours is one day.
 * @param text - `2026-10-25`, `2026-10-25T09:30`, `2026-10-25T09:30:00Z` or with an offset such as `+02:00`
 * @param timezone - Where dates and local times are meant, checked by {@link timeZone}
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

/** An IANA name such as `Europe/Berlin`. An offset is none: Postgres reads `+02` as two hours west. */
export function timeZone(name: string): string {
  if (/^[A-Za-z]+(?:\/[A-Za-z][\w+-]*)*$/.test(name) && isKnown(name)) return name;
  throw invalidArgument(
    'timezone is no time zone.',
    'Write an IANA name such as Europe/Berlin, or leave it out for UTC.',
  );
}

function isKnown(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
