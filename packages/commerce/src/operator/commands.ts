import type { ConnectionValues } from '../command-line.ts';
import type { TenancyValues } from '../tenancy.ts';
import { checkCommerce } from './check.ts';
import { migrateCommerce } from './migrate.ts';
import { seedCommerce } from './seed.ts';

/** A command of a server's command line, in the form that the toolkit takes. */
interface OperatorCommand {
  readonly description: string;
  readonly options?: Readonly<Record<string, { readonly type: 'boolean'; readonly description: string }>>;
  run(
    values: ConnectionValues & TenancyValues,
    own: Readonly<Record<string, unknown>>,
  ): Promise<string | { readonly text: string; readonly failed: boolean }>;
}

/**
 * What an operator does with the database of a server besides serving it.
 * @param name - The server's, for the commands that messages name
 * @param writes - Whether the server has tools that write
 */
export function operatorCommands(
  name: string,
  writes: boolean,
): Readonly<Record<'migrate' | 'seed' | 'check', OperatorCommand>> {
  return {
    migrate: {
      description: 'Create or update the tables in the database',
      run: (values) => migrateCommerce(values, name),
    },
    seed: {
      description: 'Fill an empty, migrated database with the demo data',
      options: { demo: { type: 'boolean', description: 'Say that it is demo data that you want' } },
      run: (values, { demo }) => seedCommerce(values, demo === true, name),
    },
    check: {
      description: 'Look whether the server can work on the database, and say how to mend what is wrong; exits 0 or 1',
      run: (values) => checkCommerce(values, name, writes),
    },
  };
}
