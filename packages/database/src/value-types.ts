import pg from 'pg';
import type { CustomTypesConfig } from 'pg';

type Parse = (text: string) => unknown;

/** Turns the text of a value into JavaScript; the type is given by its object identifier in `pg_type`. */
export interface ValueTypes extends CustomTypesConfig {
  parse(type: number, text: string): unknown;
}

/** `int8` as a number that is exact, or an error: never a rounded one. */
function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('An int8 value of the database is beyond 2^53 - 1.');
  return value;
}

/** Sessions run in UTC, so this is RFC 3339 with all six digits that Postgres keeps; a `Date` would drop three. */
function instant(text: string): string {
  return text.endsWith('+00') ? `${text.slice(0, -3).replace(' ', 'T')}Z` : text;
}

const scalars: readonly (readonly [type: number, arrayType: number, parse: Parse])[] = [
  [pg.types.builtins.INT8, 1016, integer],
  [pg.types.builtins.DATE, 1182, String],
  [pg.types.builtins.TIMESTAMP, 1115, String],
  [pg.types.builtins.TIMESTAMPTZ, 1185, instant],
];

const getDefaultParser = pg.types.getTypeParser as (type: number, format?: 'text' | 'binary') => Parse;
const TEXT_ARRAY = 1009;

function each(value: unknown, parse: Parse): unknown {
  if (Array.isArray(value)) return value.map((element) => each(element, parse));
  return value === null ? null : parse(value as string);
}

const parsers = new Map<number, Parse>();
for (const [type, arrayType, parse] of scalars) {
  parsers.set(type, parse);
  parsers.set(arrayType, (text) => each(getDefaultParser(TEXT_ARRAY)(text), parse));
}

function getTypeParser(type: number, format?: 'text' | 'binary'): Parse {
  const own = format === 'binary' ? undefined : parsers.get(type);
  return own ?? getDefaultParser(type, format);
}

/**
 * The JavaScript types of both engines: those of `pg`, except that `int8` is a safe integer, `timestamptz` an RFC 3339
 * text with microseconds and `Z`, and `date` and `timestamp` (which name no instant) stay the text of Postgres.
 * `numeric` stays text, too, as in `pg`.
 */
export const valueTypes: ValueTypes = {
  getTypeParser: getTypeParser as CustomTypesConfig['getTypeParser'],
  parse: (type, text) => getTypeParser(type)(text),
};
