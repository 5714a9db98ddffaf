import { type Kysely, sql } from 'kysely';

import { GUARDED, OWNER_ROLE, READ_ROLE, READABLE, WRITE_ROLE } from '../roles.ts';
import { CURRENT_TENANT } from '../tenancy.ts';
import type { Finding } from './finding.ts';

const triggers: Readonly<Record<string, string>> = {
  orders_change: 'orders',
  order_events_append_only: 'order_events',
};

/** Looks for rules of the database that somebody switched off: policies, triggers and rights. */
export async function checkRules<Schema>(db: Kysely<Schema>, migrate: string): Promise<readonly Finding[]> {
  const found = [...(await policies(db)), ...(await switchedOff(db)), ...(await rights(db, migrate))];
  const text = 'tenants are kept apart, and the state machine of orders holds.';
  return found.length > 0 ? found : [{ subject: 'rules', severity: 'ok', text }];
}

async function policies<Schema>(db: Kysely<Schema>): Promise<Finding[]> {
  const { rows } = await sql<{ name: string; policy: boolean }>`
    select relname as name, exists (select from pg_policy where polrelid = pg_class.oid) as policy from pg_class
    where relnamespace = current_schema()::regnamespace and relname = any(${GUARDED}::text[])
      and (not relrowsecurity or not exists (select from pg_policy where polrelid = pg_class.oid))
    order by relname`.execute(db);
  return rows.map(({ name, policy }) => ({
    subject: 'rules',
    severity: 'error',
    text: policy
      ? `${name} shows every tenant the rows of all.`
      : `${name} has lost the policy that keeps tenants apart.`,
    fix: policy
      ? `alter table ${name} enable row level security`
      : `create policy tenant on ${name} using (${name === 'tenants' ? 'id' : 'tenant_id'} = ${CURRENT_TENANT}); alter table ${name} enable row level security`,
  }));
}

async function switchedOff<Schema>(db: Kysely<Schema>): Promise<Finding[]> {
  const { rows } = await sql<{ name: string; there: boolean }>`
    select name, tgname is not null as there from unnest(${Object.keys(triggers)}::text[]) as name
    left join pg_trigger on tgname = name and tgrelid in (
      select oid from pg_class where relnamespace = current_schema()::regnamespace)
    where tgenabled is distinct from 'O' and tgenabled is distinct from 'A'`.execute(db);
  return rows.map(({ name, there }) => ({
    subject: 'rules',
    severity: 'error',
    text: `the trigger ${name} is ${there ? 'switched off' : 'missing'}: ${triggers[name]} may change in any way.`,
    fix: there
      ? `alter table ${triggers[name]} enable trigger ${name}`
      : `create trigger ${name} before ${name === 'orders_change' ? 'update' : 'update or delete'} on ${triggers[name]} for each row execute function ${name === 'orders_change' ? 'order_change' : 'order_event_change'}()`,
  }));
}

/** Where the tables are the roles'; migrating gives each what it needs and takes the rest. */
async function rights<Schema>(db: Kysely<Schema>, migrate: string): Promise<Finding[]> {
  const { rows } = await sql<{ name: string; excess: boolean }>`
    select name, excess from (
      select relname as name, bool_and(has_table_privilege(rolname, pg_class.oid, 'select')) as reads,
        bool_or(has_table_privilege(rolname, pg_class.oid, 'delete, truncate, trigger')
          or rolname = ${READ_ROLE} and has_table_privilege(rolname, pg_class.oid, 'insert, update')) as excess
      from pg_class, pg_roles
      where relnamespace = current_schema()::regnamespace and relname = any(${GUARDED}::text[])
        and rolname in (${READ_ROLE}, ${WRITE_ROLE}) and pg_get_userbyid(relowner) = ${OWNER_ROLE}
      group by relname
    ) as found
    where excess or (name = any(${READABLE}::text[]) and not reads)
    order by name`.execute(db);
  return rows.map(({ name, excess }) => ({
    subject: 'rules',
    severity: 'error',
    text: `the roles ${READ_ROLE} and ${WRITE_ROLE} may do ${excess ? 'more' : 'less'} with ${name} than they should.`,
    fix: `run ${migrate}`,
  }));
}
