import { type Kysely, sql } from 'kysely';
import type { CommerceSchema } from './schema.ts';

/** Owns the tables; nobody logs in as it. */
export const OWNER_ROLE = 'mcp_owner';
/** Writes what servers write, and deletes nothing. */
export const WRITE_ROLE = 'mcp_app';
/** Reads. */
export const READ_ROLE = 'mcp_ro';

/** What {@link READ_ROLE} reads. */
export const READABLE: readonly string[] = [
  'customers',
  'customer_notes',
  'products',
  'orders',
  'order_items',
  'order_events',
];

/** Every table whose rows belong to a tenant, and that of the tenants. */
export const GUARDED: readonly string[] = ['tenants', ...READABLE, 'idempotency_keys', 'confirmations', 'audit_log'];

/** What the schema consists of. */
const tables = [...GUARDED, 'mortise_migration', 'mortise_migration_lock'];

/** The right to a table, of some of its columns where they are named. */
const grants: readonly (readonly [role: string, right: string, table: string])[] = [
  [READ_ROLE, 'select', [...READABLE, 'mortise_migration'].join(', ')],
  [WRITE_ROLE, 'select', 'idempotency_keys, confirmations'],
  [
    WRITE_ROLE,
    'insert (tenant_id, customer_id, currency, subtotal_minor, tax_minor, total_minor, placed_at, note)',
    'orders',
  ],
  [WRITE_ROLE, 'update (status, version, updated_at, refunded_minor, tracking_number)', 'orders'],
  [WRITE_ROLE, 'insert', 'order_items'],
  [WRITE_ROLE, 'insert (tenant_id, customer_id, text, author)', 'customer_notes'],
  [
    WRITE_ROLE,
    'insert (tenant_id, order_id, from_status, to_status, actor, reason, at, refunded_minor)',
    'order_events',
  ],
  [WRITE_ROLE, 'insert (tenant_id, principal, tool, key, request_hash)', 'idempotency_keys'],
  [WRITE_ROLE, 'update (response)', 'idempotency_keys'],
  [WRITE_ROLE, 'insert (tenant_id, token_hash, principal, tool, request_hash, expires_at)', 'confirmations'],
  [WRITE_ROLE, 'update (used_at)', 'confirmations'],
  [
    WRITE_ROLE,
    'insert (tenant_id, principal, client, tool, request_hash, order_id, customer_id, duration_ms)',
    'audit_log',
  ],
];

/**
 * Makes the roles where the login may, and makes it a member of them: they belong to the whole server, so another
 * database may have them already or make them at the same moment. The owner needs the schema to own tables in it.
 */
const MAKE_ROLES = `
do $$
declare
  wanted text;
  tries integer := 0;
begin
  loop
    begin
      foreach wanted in array array['${OWNER_ROLE}', '${WRITE_ROLE}', '${READ_ROLE}'] loop
        if not exists (select from pg_roles where rolname = wanted) then
          execute format('create role %I nologin', wanted);
        end if;
      end loop;
      if not pg_has_role('${WRITE_ROLE}', '${READ_ROLE}', 'member') then
        grant ${READ_ROLE} to ${WRITE_ROLE};
      end if;
      foreach wanted in array array['${OWNER_ROLE}', '${WRITE_ROLE}'] loop
        if not pg_has_role(wanted, 'usage') or not pg_has_role(wanted, 'MODE') then
          execute format('grant %I to current_user', wanted);
        end if;
      end loop;
      exit;
    -- Somebody else made or granted one meanwhile.
    exception when duplicate_object or unique_violation or internal_error then
      tries := tries + 1;
      if tries = 20 then raise; end if;
      perform pg_sleep(0.05);
    end;
  end loop;
  execute format('grant usage, create on schema %I to ${OWNER_ROLE}', current_schema());
  execute format('grant usage on schema %I to ${READ_ROLE}, ${WRITE_ROLE}', current_schema());
end $$`;

/** SQLSTATE of a login that may not do something. */
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Gives the tables to {@link OWNER_ROLE} and each other role its rights. Where the login may not make roles, the login
 * keeps the tables, and the policies hold for it as well.
 * @returns Whether the roles are there
 */
export async function assignRoles(db: Kysely<CommerceSchema>): Promise<boolean> {
  const rolesMade = await makeRoles(db);
  const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(db);
  if (!rolesMade) {
    for (const table of await guarded(db)) await run(`alter table ${table} force row level security`);
    return false;
  }
  for (const table of await guarded(db)) await run(`alter table ${table} no force row level security`);
  for (const table of tables) await run(`alter table ${table} owner to ${OWNER_ROLE}`);
  for (const routine of await routines(db)) await run(`alter routine ${routine} owner to ${OWNER_ROLE}`);
  for (const table of tables) await run(`revoke all on ${table} from public, ${READ_ROLE}, ${WRITE_ROLE}`);
  for (const [role, right, table] of grants) await run(`grant ${right} on ${table} to ${role}`);
  return true;
}

async function makeRoles(db: Kysely<CommerceSchema>): Promise<boolean> {
  const { rows } = await sql<{ mode: string }>`
    select case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end as mode`.execute(
    db,
  );
  await sql.raw('savepoint roles').execute(db);
  try {
    await sql.raw(MAKE_ROLES.replace('MODE', rows[0]?.mode ?? 'member')).execute(db);
  } catch (error) {
    if ((error as { code?: unknown }).code !== INSUFFICIENT_PRIVILEGE) throw error;
    await sql.raw('rollback to savepoint roles').execute(db);
    return false;
  }
  await sql.raw('release savepoint roles').execute(db);
  return true;
}

async function guarded(db: Kysely<CommerceSchema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(relname) as name from pg_class
    where relrowsecurity and relnamespace = current_schema()::regnamespace and relname = any(${tables}::text[])`.execute(
    db,
  );
  return rows.map(({ name }) => name);
}

/** The functions of the migrations, and none of an extension that lives in the same schema. */
async function routines(db: Kysely<CommerceSchema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select oid::regprocedure::text as name from pg_proc
    where pronamespace = current_schema()::regnamespace and proname = any(array[
      'norm', 'spellings', 'order_change', 'order_event_change', 'customers_containing', 'customers_similar'])`.execute(
    db,
  );
  return rows.map(({ name }) => name);
}
