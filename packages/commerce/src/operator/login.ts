import { type Database, describeDatabaseError } from '@mortise/database';
import { sql } from 'kysely';

import { WRITE_ROLE } from '../roles.ts';
import type { CommerceSchema } from '../schema.ts';
import type { Finding } from './finding.ts';

interface Session {
  readonly login: string;
  /** Under which transactions that read run. */
  readonly role: string;
  /** `null` where there are no roles. */
  readonly writes: boolean | null;
  readonly statement: number;
  readonly lock: number;
  readonly idle: number;
}

/**
 * Logs in as a server does and asks what holds then.
 * @param writes - Whether the server has tools that write
 */
export async function checkLogin(served: Database<CommerceSchema>, writes: boolean): Promise<Finding[]> {
  try {
    const session = await served.read((db) =>
      db
        .selectNoFrom([
          sql<string>`session_user::text`.as('login'),
          sql<string>`current_user::text`.as('role'),
          sql<
            boolean | null
          >`(select pg_has_role(session_user, oid, 'member') from pg_roles where rolname = ${WRITE_ROLE})`.as('writes'),
          limit('statement_timeout').as('statement'),
          limit('lock_timeout').as('lock'),
          limit('idle_in_transaction_session_timeout').as('idle'),
        ])
        .executeTakeFirstOrThrow(),
    );
    return [roles(session, writes), timeouts(session)];
  } catch (error) {
    const problem = describeDatabaseError(error);
    if (!problem) throw error;
    const fix = `create role … login password '…' in role ${WRITE_ROLE}; then name that login in DATABASE_URL`;
    return [{ subject: 'login', severity: 'error', text: problem.message, fix }];
  }
}

function limit(name: string): ReturnType<typeof sql<number>> {
  return sql<number>`(select setting::int from pg_settings where name = ${name})`;
}

function roles({ login, role, writes: mayWrite }: Session, writes: boolean): Finding {
  const subject = 'login';
  if (role === login) {
    const text = 'there are no roles of less rights, so tools work as the owner of the tables.';
    return { subject, severity: 'warning', text, fix: 'run migrate once as a superuser or a login with CREATEROLE' };
  }
  if (writes && mayWrite === false) {
    const text = `it is no member of ${WRITE_ROLE}: every tool that writes will be refused.`;
    return { subject, severity: 'warning', text, fix: `grant ${WRITE_ROLE} to the login, or serve with --read-only` };
  }
  return { subject, severity: 'ok', text: `reads as ${role}${mayWrite ? `, may write as ${WRITE_ROLE}` : ''}.` };
}

/** Each session asks for its limits; what stands between may forget them. */
function timeouts({ statement, lock, idle }: Session): Finding {
  const subject = 'timeouts';
  const text = `statement ${statement} ms, lock ${lock} ms, idle in transaction ${idle} ms.`;
  if (statement > 0 && lock > 0 && idle > 0) return { subject, severity: 'ok', text };
  return {
    subject,
    severity: 'error',
    text: `${text} 0 is none: sessions do not keep what this server sets.`,
    fix: 'connect to Postgres itself, or let the pooler share sessions instead of transactions',
  };
}
