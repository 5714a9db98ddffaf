import { randomBytes } from 'node:crypto';

import type { Postgres } from './start-postgres.ts';
import { postgresFlags } from './postgres-flags.ts';
import { readVersion } from './query.ts';

const PORT = 5432;

/**
 * Starts a real Postgres server in a container, through whatever engine testcontainers finds (Docker, Podman, ...).
 * The port is published on a random port of this machine, the data lies in memory.
 *
 * @param image - An image that keeps the contract of the official `postgres` image.
 * @throws Error when no engine answers or the image cannot be had.
 */
export async function startContainerPostgres(image: string): Promise<Postgres> {
  // Loaded here only: testcontainers is large, and a machine without an engine need not pay for it.
  const { GenericContainer, Wait } = await import('testcontainers');

  class TestPostgres extends GenericContainer {
    constructor() {
      super(image);
      // The server must not be process 1: there it inherits the orphans of killed probes, takes their end for a crash
      // of its own and restarts (docker-library/postgres#1349). testcontainers has no public switch for this, and its
      // own PostgreSqlContainer probes four times a second.
      this.hostConfig.Init = true;
    }
  }

  const password = randomBytes(12).toString('hex');
  const container = await new TestPostgres()
    .withExposedPorts(PORT)
    .withEnvironment({
      POSTGRES_USER: 'test',
      POSTGRES_PASSWORD: password,
      POSTGRES_INITDB_ARGS: '--no-sync',
      PGDATA: '/var/lib/postgresql/pgdata',
    })
    .withTmpFs({ '/var/lib/postgresql': 'rw,size=2g' })
    .withCommand(['postgres', ...postgresFlags])
    // Once for the server that sets the cluster up, once for the one that stays.
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .withStartupTimeout(120_000)
    // Lets a later run recognise what a killed one left behind.
    .withLabels({ 'mortise.test.pid': String(process.pid) })
    .start();
  const url = `postgres://test:${password}@${container.getHost()}:${container.getMappedPort(PORT)}/postgres`;
  const stop = async (): Promise<void> => {
    await container.stop();
  };
  try {
    return {
      url,
      description: `PostgreSQL ${await readVersion(url)}, container (${image})`,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
