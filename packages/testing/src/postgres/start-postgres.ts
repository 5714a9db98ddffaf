import { startContainerPostgres } from './container-postgres.ts';
import { startLocalPostgres } from './local-postgres.ts';
import { readVersion } from './query.ts';

/** A running Postgres server. Disposing of it stops what was started for the test and leaves a given server alone. */
export interface Postgres extends AsyncDisposable {
  /** The connection of a user who may create databases. */
  readonly url: string;
  /** Version and origin, for people: `PostgreSQL 17.12, container (postgres:17-alpine)`. */
  readonly description: string;
}

/** Where a test's Postgres comes from; see {@link startPostgres}. */
export type PostgresSource = 'auto' | 'url' | 'container' | 'local';

/** What {@link startPostgres} may be told; everything has a default. */
export interface PostgresOptions {
  /** Default `auto`. */
  readonly source?: PostgresSource | undefined;
  /** The server of the source `url`; its user needs CREATEDB. Default: the variable TEST_DATABASE_URL. */
  readonly url?: string | undefined;
  /** The image of the source `container`. Default: the variable POSTGRES_IMAGE, else `postgres:17-alpine`. */
  readonly image?: string | undefined;
}

/**
 * Provides a real Postgres server for tests; never a mock.
 *
 * - `url`: a server that already runs.
 * - `container`: a container of its own.
 * - `local`: a process of its own, from binaries that npm installed (Linux with glibc, and macOS).
 * - `auto`: the first of `url` (if one is given), `container` and `local` that this machine can have; the description
 *   says which, and why not the ones before.
 *
 * @throws Error that says what was tried and what would help.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const { source = 'auto', url = process.env['TEST_DATABASE_URL'] } = options;
  const image = options.image ?? process.env['POSTGRES_IMAGE'] ?? 'postgres:17-alpine';
  switch (source) {
    case 'url':
      return await givenPostgres(url);
    case 'container':
      return await startContainerPostgres(image);
    case 'local':
      return await startLocalPostgres();
    case 'auto':
      return url ? await givenPostgres(url) : await startAnyPostgres(image);
  }
}

async function givenPostgres(url: string | undefined): Promise<Postgres> {
  if (!url)
    throw new Error('No server is given: set TEST_DATABASE_URL, such as postgres://user:password@host/database');
  const description = `PostgreSQL ${await readVersion(url)}, given by TEST_DATABASE_URL`;
  return { url, description, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function startAnyPostgres(image: string): Promise<Postgres> {
  const noContainer = await startContainerPostgres(image).catch(reason);
  if (typeof noContainer !== 'string') return noContainer;
  const noProcess = await startLocalPostgres().catch(reason);
  if (typeof noProcess !== 'string') {
    return { ...noProcess, description: `${noProcess.description}; no container: ${noContainer}` };
  }
  throw new Error(
    `No Postgres for the tests. Start Docker, or set TEST_DATABASE_URL.\n  container: ${noContainer}\n  local: ${noProcess}`,
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
