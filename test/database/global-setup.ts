import { migrate, type CommerceSchema } from '@mortise/commerce';
import { seed } from '@mortise/commerce/demo';
import { openDatabase } from '@mortise/database';
import { prepareTestDatabases } from '@mortise/testing/postgres';

/** Runs once before the tests of the `database` project: TEST_DATABASE says which engine they are about. */
export default async function setup(): Promise<() => Promise<void>> {
  const template = await prepareTestDatabases(async (url) => {
    await using database = openDatabase<CommerceSchema>({ url, applicationName: 'global-setup' });
    await migrate(database.db);
    await seed(database.db);
  });
  return async () => await template[Symbol.asyncDispose]();
}
