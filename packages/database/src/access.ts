import type { PostgresPoolClient } from 'kysely';
import { DatabaseProblem } from './errors.ts';
import type { TransactionRoles } from './transactions.ts';

/** Under which roles a program works, and as whom it may log in. */
export interface AccessRules {
  /** For transactions that only read. */
  readonly readRole: string;
  /** For transactions that write. */
  readonly writeRole: string;
  /** The command that says how to mend the login, for the operator, such as `orders check`. */
  readonly checkCommand: string;
  /**
   * Take a login that row-level security does not hold back: a superuser, or one with `BYPASSRLS`. Transactions run
   * under the two roles all the same. Default false.
   */
  readonly allowSuperuser?: boolean | undefined;
}

/** What a login is and may. */
interface Login {
  readonly bypasses: boolean;
  readonly read: boolean | null;
  readonly write: boolean | null;
  /** Whether row-level security holds for this login wherever it is switched on; `null` where it is nowhere. */
  readonly restricted: boolean | null;
}

/** A role can be taken when it is there and the login is a member that may set it (Postgres 16 and later tell apart). */
const LOGIN = `
  select rolsuper or rolbypassrls as bypasses,
    (select pg_has_role(oid, mode) from pg_roles where rolname = $1) as read,
    (select pg_has_role(oid, mode) from pg_roles where rolname = $2) as write,
    (select bool_and(row_security_active(oid)) from pg_class
      where relrowsecurity and relnamespace = current_schema()::regnamespace) as restricted
  from pg_roles,
    (select case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end as mode) as version
  where rolname = current_user`;

/** Finds out under which roles the transactions of a login run. */
export async function rolesOf(client: PostgresPoolClient, rules: AccessRules): Promise<TransactionRoles> {
  const { rows } = await client.query<Login>(LOGIN, [rules.readRole, rules.writeRole]);
  const [login] = rows;
  if (!login) throw new Error('Postgres does not know who is logged in.');
  if (login.bypasses && rules.allowSuperuser !== true) {
    throw refused('is a superuser or has BYPASSRLS: no rule of the database holds it back', rules, ALLOW);
  }
  const read = login.read === true ? rules.readRole : undefined;
  if (read === undefined && login.restricted === false) {
    throw refused('owns the tables and is no member of the roles that keep tenants apart', rules, '');
  }
  return { read, write: login.write === true ? rules.writeRole : read };
}

const ALLOW = ' or to pass --allow-superuser';

function refused(what: string, { checkCommand, writeRole }: AccessRules, otherwise: string): DatabaseProblem {
  return new DatabaseProblem({
    code: 'DB_UNAVAILABLE',
    message: `The login of the database ${what}.`,
    hint: `The operator has to name a login that is a member of ${writeRole} only${otherwise}; \`${checkCommand}\` says how.`,
    retryable: false,
  });
}
