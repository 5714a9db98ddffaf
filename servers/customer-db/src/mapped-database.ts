import { type CommerceSchema, type ConnectionValues, openCommerce, type TenancyValues } from '@mortise/commerce';
import type { Database, DatabaseConfig } from '@mortise/database';

import { checkMapping, MappingProblem } from './check-mapping.ts';
import type { Mapping } from './mapped-tables.ts';

/**
 * The database that a mapping is of. Nothing is asked of it but to be as the mapping says: no migration, no role.
 * @throws Error with one line for the operator, when the values do not go with a mapping
 */
export function openMapped(
  mapping: Mapping,
  values: ConnectionValues & TenancyValues & { readonly 'allow-notes': boolean | undefined },
  config: Partial<DatabaseConfig> & Pick<DatabaseConfig, 'applicationName'>,
): Database<CommerceSchema> {
  const { 'database-url': url, 'data-dir': directory, tenant, 'tenant-claim': claim } = values;
  if (url === undefined && directory === undefined) {
    throw new Error('This server reads the tables that mapping.ts names: give --database-url (or DATABASE_URL).');
  }
  if (values['allow-notes'] === true) {
    throw new Error('--allow-notes (or ALLOW_NOTES) writes, and the tables that mapping.ts names are only read.');
  }
  if (mapping.tenants === 'one' && (tenant ?? claim) !== undefined) {
    throw new Error('--tenant and --tenant-claim keep nobody apart here: mapping.ts says that there is one tenant.');
  }
  return openCommerce(values, {
    ...config,
    schema: undefined,
    access: undefined,
    check: (db) => checkMapping(db, mapping),
  });
}

/**
 * Tells the operator at once that a mapping does not fit. A database that cannot be reached is no reason to end: it is
 * checked when it answers.
 * @throws Error with one line for the operator
 */
export async function refuseWrongMapping(database: Database<CommerceSchema>): Promise<void> {
  try {
    await database.ping();
  } catch (error) {
    if (error instanceof MappingProblem) throw new Error(error.report, { cause: error });
  }
}
