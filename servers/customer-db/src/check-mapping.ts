import { DatabaseProblem } from '@mortise/database';
import { type Kysely, type RawBuilder, sql } from 'kysely';

import type { KeyKind } from './keys.ts';
import { columnsOf } from './mapped-shop.ts';
import type { Mapping } from './mapped-tables.ts';

/** A mapping that does not fit the database. */
export class MappingProblem extends DatabaseProblem {
  /** One line for the operator; names of the database stand in it, which are nothing for a model. */
  readonly report: string;

  constructor(what: string, fix: string, options?: ErrorOptions) {
    super(
      {
        code: 'MAPPING_WRONG',
        message: 'The tables of the database are not as this server expects them.',
        hint: 'The operator has to mend the mapping of this server.',
        retryable: false,
      },
      options,
    );
    this.report = `mapping.ts does not fit the database: ${what}. ${fix}`;
  }
}

/** Types that do, as `pg_typeof` names them. */
const texts = ['text', 'character varying', 'character', 'citext'];
const wholeNumbers = ['bigint', 'integer', 'smallint'];
const instants = ['timestamp with time zone'];
const keyTypes: Readonly<Record<KeyKind, readonly string[]>> = {
  number: wholeNumbers,
  uuid: ['uuid'],
  text: texts.slice(0, 2),
};

/**
 * Makes sure that a mapping fits a database, reading at most a row of it.
 * @throws MappingProblem
 */
export async function checkMapping(db: Kysely<unknown>, mapping: Mapping): Promise<void> {
  await db
    .transaction()
    .setAccessMode('read only')
    .execute(async (transaction) => {
      // Nobody's tenant: policies may ask for the setting, and are to show nothing then.
      await sql`select set_config('app.tenant_id', '', true)`.execute(transaction);
      await checkTypes(transaction, mapping);
      if (mapping.search.deepest === 'fuzzy')
        await ask(transaction, sql`select word_similarity('', '')`, 'search.deepest');
      if (mapping.tenants === 'many') await checkTenants(transaction, mapping);
    });
}

async function checkTypes(db: Kysely<unknown>, mapping: Mapping): Promise<void> {
  const { customers, orders } = mapping;
  const wanted: Readonly<Record<string, readonly string[]>> = {
    'customers.id': keyTypes[customers.keys],
    'customers.created_at': instants,
    'orders.id': keyTypes[orders.keys],
    'orders.customer_id': keyTypes[customers.keys],
    'orders.total_minor': wholeNumbers,
    'orders.placed_at': instants,
    'order_items.order_id': keyTypes[orders.keys],
    // The sum of a bigint is numeric, which may be no number of JavaScript.
    'order_items.quantity': ['integer', 'smallint'],
  };
  for (const [table, { from, columns }] of Object.entries(columnsOf(mapping))) {
    await ask(db, sql`select from ${from} limit 0`, `${table}.from`);
    for (const [column, expression] of Object.entries(columns)) {
      const name = `${table}.${column}`;
      const types = wanted[name] ?? texts;
      const type = await typeOf(db, sql`select ${expression} as x from ${from} limit 0`, name);
      if (!types.includes(type))
        throw new MappingProblem(`${name} is of type ${type}`, `Make it ${types.join(' or ')}.`);
    }
  }
}

/** The type of the one column of a query, which need not have a row. */
async function typeOf(db: Kysely<unknown>, query: RawBuilder<unknown>, name: string): Promise<string> {
  const [row] = await ask<{ type: string }>(
    db,
    sql`select pg_typeof(x)::text as type from (select) as one left join (${query}) as it on true`,
    name,
  );
  return row?.type ?? '';
}

/** Without a tenant there is no row to be seen, where the tables or policies look at it. */
async function checkTenants(db: Kysely<unknown>, { customers, orders }: Mapping): Promise<void> {
  for (const [table, { from }] of Object.entries({ customers, orders })) {
    const seen = await ask(db, sql`select from ${from} limit 1`, `${table}.from`);
    if (seen.length === 0) continue;
    throw new MappingProblem(
      `${table} shows rows to a caller without a tenant`,
      "Compare the tenant in its `from`, or log in as a role that the database's policies hold back.",
    );
  }
}

async function ask<Row>(db: Kysely<unknown>, query: RawBuilder<unknown>, name: string): Promise<readonly Row[]> {
  try {
    return (await (query as RawBuilder<Row>).execute(db)).rows;
  } catch (error) {
    if (!isMistake(error)) throw error;
    const fix = error.code === '42501' ? 'Let the login read it: grant select.' : 'Mend the expression.';
    throw new MappingProblem(`${name}: ${error.message}`, fix, { cause: error });
  }
}

/** What is wrong with a statement itself: its values (class 22 of SQLSTATE), or its names, types and rights (42). */
function isMistake(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(22|42)/.test(error.code);
}
