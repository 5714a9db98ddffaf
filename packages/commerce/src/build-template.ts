// Run by this package's build: migrates and fills an embedded database and writes it to dist/template.tar.br, or to the
// file that is named.
import './fixed-clock.ts';

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { writeTemplate } from '@mortise/database';

import { seed } from './demo/seed.ts';
import { migrate } from './migrate.ts';
import type { CommerceSchema } from './schema.ts';

// read by the thread of the engine, too
process.env['NODE_OPTIONS'] = `--import=${new URL('./fixed-clock.ts', import.meta.url).href}`;

const [, , file] = process.argv;
const target = file === undefined ? new URL('../dist/template.tar.br', import.meta.url) : pathToFileURL(resolve(file));
await writeTemplate<CommerceSchema>(target, async (db) => {
  await migrate(db);
  await seed(db);
});
