/**
 * The embedded engine, in a thread of its own: a query holds up nothing but itself, and a query that runs away ends
 * with the thread. This file is the thread's entry, also where everything else is bundled; nothing imports it.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { brotliDecompress } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import type { WorkerConfig, WorkerReply, WorkerRequest } from './pglite-messages.ts';

const config = workerData as WorkerConfig;
const port = parentPort;
if (!port) throw new Error('This file is the entry of a worker thread.');

function reply(message: WorkerReply): void {
  port?.postMessage(message);
}

/** The fields of a Postgres error that `pg` has as well; not `query` and `params`, which PGlite adds. */
function describe(error: unknown): WorkerReply & { readonly type: 'error' } {
  const {
    message,
    code,
    severity,
    detail,
    hint,
    position,
    where,
    schema,
    table,
    column,
    dataType,
    constraint,
    routine,
  } = error as Readonly<Record<string, string | undefined>>;
  return {
    type: 'error',
    message: message ?? 'The embedded engine failed.',
    fields: { code, severity, detail, hint, position, where, schema, table, column, dataType, constraint, routine },
  };
}

/** Values cross the thread as the text of Postgres, so that both engines share one table of types. */
function asIs(value: string): string {
  return value;
}

async function readTemplate(path: string): Promise<Blob> {
  const tar = await promisify(brotliDecompress)(await readFile(path));
  return new Blob([tar]);
}

/**
 * Creates the directory of a persistent database. The marker stays until the engine has started, so that a creation
 * which was cut short is made again instead of being taken for a database.
 */
async function prepareDirectory(directory: string, marker: string): Promise<boolean> {
  if (existsSync(marker)) await rm(directory, { recursive: true, force: true });
  if (existsSync(join(directory, 'PG_VERSION'))) return false;
  await mkdir(directory, { recursive: true });
  const entries = await readdir(directory);
  if (entries.length > 0) throw Object.assign(new Error('not a database directory'), { code: 'MORTISE_NOT_EMPTY' });
  await writeFile(marker, '');
  return true;
}

async function start(): Promise<PGlite> {
  const { directory, marker, template } = config;
  const isNew = directory === undefined || marker === undefined || (await prepareDirectory(directory, marker));
  const engine = await PGlite.create({
    extensions: { pg_trgm, unaccent },
    // Segments of 1 MB instead of 16 keep a template small.
    initDbStartParams: ['--wal-segsize=1'],
    startParams: [
      ...PGlite.defaultStartParams,
      ...Object.entries(config.serverSettings ?? {}).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    ...(directory === undefined ? {} : { dataDir: directory }),
    ...(isNew && template !== undefined ? { loadDataDir: await readTemplate(template) } : {}),
  });
  engine.parsers = new Proxy({}, { get: () => asIs });
  engine.serializers = new Proxy({}, { get: () => asIs });
  await engine.query(config.settings.sql, [...config.settings.parameters]);
  if (isNew && marker !== undefined) await rm(marker, { force: true });
  return engine;
}

async function answer(engine: PGlite, request: WorkerRequest): Promise<WorkerReply> {
  switch (request.type) {
    case 'query': {
      const { rows, fields, command, rowCount } = await engine.query<(string | null)[]>(
        request.sql,
        request.parameters,
        {
          rowMode: 'array',
        },
      );
      return { type: 'rows', rows, fields, command, rowCount };
    }
    case 'dump': {
      const tar = await engine.dumpDataDir('none');
      return { type: 'dump', tar: await tar.arrayBuffer() };
    }
    case 'close': {
      await engine.close();
      return { type: 'closed' };
    }
  }
}

try {
  const engine = await start();
  port.on('message', (request: WorkerRequest) => {
    answer(engine, request).then(reply, (error: unknown) => reply(describe(error)));
  });
  reply({ type: 'ready' });
} catch (error) {
  reply(describe(error));
}
