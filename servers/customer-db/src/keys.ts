import { formatCustomerId, formatOrderId, parseCustomerId, parseOrderId, plainRowText } from '@mortise/commerce';
import { type RawBuilder, sql } from 'kysely';

/** The key of a row: a number, or the text of anything else. */
export type Key = number | string;

/** What the keys of a table are. */
export type KeyKind = 'number' | 'uuid' | 'text';

/** How keys of a table are shown and read. */
export interface Keys {
  readonly kind: KeyKind;
  /** What one looks like, after "has to look like". */
  readonly example: string;
  format(key: Key): string;
  /** `undefined` for what cannot be a key. */
  readonly parse: (text: string) => Key | undefined;
  /** A key as a parameter of a query, typed: a number may be larger than the keys of a table can be. */
  readonly parameter: (key: Key | null) => RawBuilder<Key>;
}

const uuids: Keys = {
  kind: 'uuid',
  parameter: (key) => sql`${key}::uuid`,
  example: '9b2e4c1a-5d3f-4e8a-b6c7-0d1e2f3a4b5c',
  format: String,
  parse: (text) => (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ? text.toLowerCase() : undefined),
};

const texts: Keys = {
  kind: 'text',
  parameter: (key) => sql`${key}::text`,
  example: 'those that the tools return',
  format: (key) => plainRowText(String(key)),
  parse: (text) => (text !== '' && !text.includes('\0') && text.isWellFormed() ? text : undefined),
};

/** Customers by number, `CUS-1042` outside. */
export const customerNumbers: Numbers = { example: 'CUS-1042', format: formatCustomerId, parse: parseCustomerId };

/** The keys of customers: numbers are `CUS-1042` outside, other keys are what they are. */
export function customerKeys(kind: KeyKind): Keys {
  return keys(kind, customerNumbers);
}

/** The keys of orders: numbers are `ORD-10087` outside, other keys are what they are. */
export function orderKeys(kind: KeyKind): Keys {
  return keys(kind, { example: 'ORD-10087', format: formatOrderId, parse: parseOrderId });
}

interface Numbers {
  readonly example: string;
  readonly format: (key: number) => string;
  readonly parse: (text: string) => number | undefined;
}

function keys(kind: KeyKind, { example, format, parse }: Numbers): Keys {
  if (kind !== 'number') return kind === 'uuid' ? uuids : texts;
  return { kind, example, format: (key) => format(Number(key)), parse, parameter: (key) => sql`${key}::bigint` };
}
