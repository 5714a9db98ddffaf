import { type Kysely, sql } from 'kysely';

import { SPELLINGS_INDEX } from '../spellings.ts';
import type { Finding } from './finding.ts';

/** Every index that a query of ours is made for; what makes a key unique is a constraint and not here. */
const indexes: Readonly<Record<string, string>> = {
  customers_name: 'customers (tenant_id, name_n text_pattern_ops, id)',
  customers_email: 'customers (tenant_id, email_n text_pattern_ops, id)',
  customers_company: 'customers (tenant_id, company_n text_pattern_ops, id)',
  customers_spellings: SPELLINGS_INDEX,
  customer_notes_customer: 'customer_notes (tenant_id, customer_id, id desc)',
  orders_customer: 'orders (tenant_id, customer_id, placed_at desc, id desc)',
  orders_status: 'orders (tenant_id, status, placed_at desc, id desc)',
  orders_placed: 'orders (tenant_id, placed_at desc, id desc)',
  order_items_sku: 'order_items (tenant_id, sku, order_id)',
  order_items_product: 'order_items (product_id)',
  order_events_order: 'order_events (order_id, id)',
  idempotency_keys_request: 'idempotency_keys (request_hash, created_at)',
  confirmations_expiry: 'confirmations (expires_at)',
  audit_log_order: 'audit_log (order_id, id)',
};

/** Looks for indexes that are missing, or that were never finished. */
export async function checkIndexes<Schema>(db: Kysely<Schema>, hasTrigram: boolean): Promise<readonly Finding[]> {
  const wanted = [...Object.keys(indexes), ...(hasTrigram ? ['customers_trigram'] : [])];
  const { rows } = await sql<{ name: string; valid: boolean | null }>`
    select name, indisvalid as valid from unnest(${wanted}::text[]) as name
    left join pg_class on relname = name and relnamespace = current_schema()::regnamespace
    left join pg_index on indexrelid = pg_class.oid`.execute(db);
  const found = rows
    .filter(({ valid }) => valid !== true)
    .map(({ name, valid }): Finding => {
      const text = `${name} ${valid === null ? 'is missing' : 'was never finished'}: queries read whole tables.`;
      return { subject: 'indexes', severity: 'error', text, fix: mended(name, valid === null) };
    });
  return found.length > 0 ? found : [{ subject: 'indexes', severity: 'ok', text: `${wanted.length} are there.` }];
}

function mended(name: string, isMissing: boolean): string {
  if (!isMissing) return `reindex index concurrently ${name}`;
  const definition = indexes[name];
  // That of the trigrams depends on where its extension is; migrating makes it.
  return definition === undefined ? 'run migrate' : `create index concurrently ${name} on ${definition}`;
}
