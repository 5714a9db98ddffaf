// Run by this package's build: migrates and fills an embedded database and writes it to dist/template.tar.br.
import { writeTemplate } from '@mortise/database';
import { seed } from './demo/seed.ts';
import { migrate } from './migrate.ts';
import type { CommerceSchema } from './schema.ts';

await writeTemplate<CommerceSchema>(new URL('../dist/template.tar.br', import.meta.url), async (db) => {
  await migrate(db);
  await seed(db);
});
