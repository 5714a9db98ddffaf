import { migrateToLatest } from '@mortise/database';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { commerce } from './migrations/0001-commerce.ts';
import { orders } from './migrations/0002-orders.ts';
import type { CommerceSchema } from './schema.ts';

const migrations: Readonly<Record<string, Migration>> = { '0001-commerce': commerce, '0002-orders': orders };

/** Name of the newest migration: the schema that this package works with. */
export const schemaVersion: string = '0002-orders';

/**
 * Creates or updates the tables. Only ever called because an operator asked for it, or on a database of our own.
 * @returns The names of the migrations that ran; empty when the schema was up to date
 */
export function migrate(db: Kysely<CommerceSchema>): Promise<readonly string[]> {
  return migrateToLatest(db, migrations);
}
