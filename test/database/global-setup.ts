import { prepareTestDatabases } from '@mortise/testing';

/** Runs once before the tests of the `database` project: TEST_DATABASE says which engine they are about. */
export default async function setup(): Promise<() => Promise<void>> {
  const template = await prepareTestDatabases(() => Promise.resolve());
  return async () => await template[Symbol.asyncDispose]();
}
