import { CURRENT_TENANT, minorDigits } from '@mortise/commerce';
import { type RawBuilder, sql } from 'kysely';

import type { KeyKind } from './keys.ts';
import type { ShopTables } from './shop.ts';

/** Says where a shop keeps what the tools read. docs/your-own-database.md goes through one. */
export interface Mapping {
  /**
   * Whose rows a caller sees. `one`: all of them, whoever calls. `many`: those of the caller's tenant, which every
   * transaction has in the setting `app.tenant_id` ({@link tenant}); the tables below or policies of the database's own
   * compare it, and a database that shows a row without a tenant is refused.
   */
  readonly tenants: 'one' | 'many';
  readonly search: {
    /** The form in which texts are compared, such as `lower(…)`; an index on it is what makes searches fast. */
    readonly norm: (text: RawBuilder<unknown>) => RawBuilder<unknown>;
    /** How far searches go. `contains` reads the whole table where it finds no index; `fuzzy` needs pg_trgm as well. */
    readonly deepest: 'prefix' | 'contains' | 'fuzzy';
  };
  readonly customers: MappedTable<Omit<ShopTables['customers'], 'name_n' | 'email_n' | 'company_n'>> & Keyed;
  readonly orders: MappedTable<ShopTables['orders']> & Keyed;
  readonly order_items: MappedTable<ShopTables['order_items']>;
}

interface Keyed {
  /** What its keys are: whole numbers (`CUS-1042`, `ORD-10087` outside), uuids, or texts. */
  readonly keys: KeyKind;
}

interface MappedTable<Columns> {
  /** What follows `from`: a table with its schema, `join` and `where` as needed. */
  readonly from: RawBuilder<unknown>;
  /** An expression for each column; words that the tools know come from {@link words}. */
  readonly columns: { readonly [Column in keyof Columns]: Expression<Columns[Column]> };
}

/** Words are checked by the compiler; of everything else the database is asked when the server starts. */
type Expression<Value> = [Extract<Value, string>] extends [never]
  ? RawBuilder<unknown>
  : string extends Value
    ? RawBuilder<unknown>
    : RawBuilder<Value>;

/**
 * The tenant that a call works for; no row equals it where there is none.
 * @public
 */
export const tenant: RawBuilder<string> = sql.raw(CURRENT_TENANT);

/**
 * The words of the tools for those of a shop. A word that is missing here is an error of the query that meets it, which
 * the log names: an order would be left out of a count otherwise.
 * @param column - Of type text, varchar or an enum
 * @param meanings - By the shop's word
 * @public
 */
export function words<const Word extends string>(
  column: RawBuilder<unknown>,
  meanings: Readonly<Record<string, Word>>,
): RawBuilder<Word> {
  const cases = Object.entries(meanings).map(([word, meaning]) => sql`when ${sql.lit(word)} then ${sql.lit(meaning)}`);
  // A cast that fails is the one way to raise an error in an expression.
  const missing = sql`('mapping.ts has no word for ' || (${column})::text)::integer::text`;
  return sql<Word>`case (${column})::text ${sql.join(cases, sql` `)} else ${missing} end`;
}

/** Currencies by the digits that they have after the point, but for those with two. */
const otherDigits = Map.groupBy(Intl.supportedValuesOf('currency'), minorDigits);
otherDigits.delete(2);

/**
 * An amount in the smallest unit of its currency, exactly; rounded half away from zero if it has more digits than that.
 * @param amount - Of type numeric, in whole units: `12.34`
 * @param currency - ISO 4217 code
 * @public
 */
export function minor(amount: RawBuilder<unknown>, currency: RawBuilder<unknown>): RawBuilder<number> {
  const cases = [...otherDigits].map(
    ([digits, codes]) =>
      sql`when ${currency} in (${sql.join(codes.map((code) => sql.lit(code)))}) then ${sql.lit(10 ** digits)}`,
  );
  return sql`((${amount})::numeric * case ${sql.join(cases, sql` `)} else 100 end)::bigint`;
}
