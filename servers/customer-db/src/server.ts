import {
  connectionOptions,
  CursorSigner,
  describeTimeZoneError,
  limitOptions,
  limits,
  migrateCommerce,
  openCommerce,
  Privacy,
  privacyOptions,
  QueryBudget,
  tenancyOptions,
  type TenantDatabase,
  Tenants,
} from '@mortise/commerce';
import { describeDatabaseError } from '@mortise/database';
import { type Auth, createServer, type Program, type Server } from '@mortise/toolkit';
import { resultSize } from '@mortise/toolkit/middleware/result-size';

import manifest from '../package.json' with { type: 'json' };
import { About } from './about.ts';
import { CustomerDb } from './customer-db.ts';
import { CustomerNotes } from './customer-notes.ts';
import { Customers } from './customers.ts';
import { surface } from './surface.gen.ts';

const { version, description } = manifest;

const options = {
  ...connectionOptions,
  ...tenancyOptions,
  ...privacyOptions,
  ...limitOptions,
  'allow-notes': {
    type: 'boolean',
    description: 'Offer add_customer_note as well, which writes; default off',
    environment: 'ALLOW_NOTES',
  },
} as const;

function program(hasNotes: boolean, bytes: number): Server {
  return createServer({
    name: 'customer-db',
    version,
    description,
    surface: hasNotes ? surface : { ...surface, classes: surface.classes.filter(([type]) => type !== CustomerNotes) },
    options,
    commands: {
      migrate: {
        description: 'Create or update the tables in the database',
        run: (values) => migrateCommerce(values, 'customer-db'),
      },
    },
    describeError: (error) => describeTimeZoneError(error) ?? describeDatabaseError(error),
    use: [resultSize({ bytes })],
    setup: (stack, { options: values, callers, onReady }) => {
      const database = stack.use(openCommerce(values, { applicationName: 'customer-db', readOnly: !hasNotes }));
      onReady((signal) => database.ping(signal));
      const { rows, budget: milliseconds } = limits(values);
      const tenants = new Tenants(database, values, callers === 'verified');
      const budget = milliseconds === undefined ? undefined : new QueryBudget(milliseconds);
      const databaseOf = (caller: Auth | undefined): TenantDatabase => {
        const own = tenants.of(caller);
        return budget ? budget.of(JSON.stringify([own.tenant, caller?.subject]), own) : own;
      };
      const privacy = Privacy.parse(values['pii-mode']);
      const cursors = new CursorSigner(process.env['MORTISE_STATE_KEY']);
      const facts = { version, engine: database.engine, privacy: privacy.mode, rows, notes: hasNotes };
      return [
        new CustomerDb((caller) => new Customers(databaseOf(caller), privacy, cursors, rows), hasNotes),
        new About((caller) => tenants.of(caller), facts),
        ...(hasNotes ? [new CustomerNotes(databaseOf)] : []),
      ];
    },
  });
}

/** What is offered is known before the options are: each start has a server of its own, with its surface and limits. */
const server: Program = {
  ...program(false, limits({}).bytes),
  start: (values, deployment) => {
    const { bytes } = limits(values);
    const hasNotes = values['allow-notes'] === true && deployment?.tools?.readOnly !== true;
    return program(hasNotes, bytes).start(values, deployment);
  },
};

export default server;
