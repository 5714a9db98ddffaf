import { type Database, DatabaseProblem, type Transactions } from '@mortise/database';
import type { CommerceSchema } from './schema.ts';

/** The options by which an operator says whose data a server works on. */
export const tenancyOptions = {
  tenant: {
    type: 'string',
    description: 'Work on the data of this tenant only; default main, unless callers are authenticated',
    placeholder: 'name',
    environment: 'TENANT_ID',
  },
  'tenant-claim': {
    type: 'string',
    description: "The claim of a caller's token that names the tenant; default tenant_id",
    placeholder: 'name',
    environment: 'TENANT_CLAIM',
  },
} as const;

/** What the command line gave for the {@link tenancyOptions}. */
export interface TenancyValues {
  readonly tenant: string | undefined;
  readonly 'tenant-claim': string | undefined;
}

/** The tenant of the demo data, and of a database that has no other. */
const DEFAULT_TENANT = 'main';

const DEFAULT_CLAIM = 'tenant_id';

/** SQL: whose data a transaction works on; `null` where nobody said, which no row equals. Migrations keep their own. */
export const CURRENT_TENANT = `nullif(current_setting('app.tenant_id', true), '')`;

/** What a tenant may be called. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,99}$/u;

/**
 * The tenant that an operator names; `main` without a name.
 * @throws Error with one line for the operator
 */
export function tenantName(given: string | undefined): string {
  const name = given ?? DEFAULT_TENANT;
  if (NAME.test(name)) return name;
  throw new Error('--tenant (or TENANT_ID) has to be letters, digits and . _ : @ / -, at most 100.');
}

/** The database as one tenant sees it: no other rows are there, and what is written belongs to the tenant. */
export type TenantDatabase = Transactions<CommerceSchema> & { readonly tenant: string };

/** Whom the transport verified; the claims of the token count. */
export interface Caller {
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Decides whose data a call works on: from what the operator configured or the token says, never from an argument. */
export class Tenants {
  readonly #database: Database<CommerceSchema>;
  readonly #fixed: string | undefined;
  readonly #claim: string;

  /**
   * @param isVerified - Whether callers come with a verified token, so that it has to name the tenant unless one is fixed
   * @throws Error with one line for the operator
   */
  constructor(database: Database<CommerceSchema>, values: TenancyValues, isVerified: boolean) {
    const { tenant, 'tenant-claim': claim } = values;
    if (tenant !== undefined && claim !== undefined) {
      throw new Error('Give --tenant (or TENANT_ID) or --tenant-claim (or TENANT_CLAIM), not both.');
    }
    if (claim !== undefined && !isVerified) {
      throw new Error(
        '--tenant-claim (or TENANT_CLAIM) needs authenticated callers: without a token there is no claim.',
      );
    }
    this.#database = database;
    this.#fixed = tenant === undefined && isVerified ? undefined : tenantName(tenant);
    this.#claim = claim ?? DEFAULT_CLAIM;
  }

  /** @throws DatabaseProblem `PERMISSION_DENIED` when the token names no tenant */
  of(caller: Caller | undefined): TenantDatabase {
    return tenantDatabase(this.#database, this.#fixed ?? this.#claimed(caller));
  }

  #claimed(caller: Caller | undefined): string {
    const claimed = Object.hasOwn(caller?.claims ?? {}, this.#claim) ? caller?.claims[this.#claim] : undefined;
    if (typeof claimed === 'string' && NAME.test(claimed)) return claimed;
    throw new DatabaseProblem({
      code: 'PERMISSION_DENIED',
      message: 'The token of this caller names no tenant.',
      hint: `The operator has to let the issuer put the claim ${this.#claim} into tokens, name another with --tenant-claim, or give --tenant.`,
      retryable: false,
    });
  }
}

/** A database as one tenant sees it, for who knows the tenant already. */
export function tenantDatabase(database: Database<CommerceSchema>, tenant: string): TenantDatabase {
  const scope = { 'app.tenant_id': tenant };
  return {
    tenant,
    read: (run) => database.read(run, scope).catch(withoutValues),
    write: (run) => database.write(run, scope).catch(withoutValues),
  };
}

/** What Postgres says of an error may repeat a value of a row, and whoever reads a log need not be allowed to see it. */
function withoutValues(error: unknown): never {
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  if (!(error instanceof Error) || typeof code !== 'string' || !/^[\dA-Z]{5}$/.test(code)) throw error;
  const where = typeof table === 'string' ? ` on the table ${table}` : '';
  const rule = typeof constraint === 'string' ? `, constraint ${constraint}` : '';
  const plain = new Error(`Postgres refused${where} with SQLSTATE ${code}${rule}; its own log says more.`);
  throw Object.assign(plain, { code, constraint, table });
}
