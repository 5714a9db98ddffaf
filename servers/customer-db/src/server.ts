import {
  connectionOptions,
  CursorSigner,
  describeTimeZoneError,
  limitOptions,
  limits,
  openCommerce,
  operatorCommands,
  Privacy,
  privacyOptions,
  tenancyOptions,
  tenantDatabase,
  Tenants,
  withinBudget,
} from '@mortise/commerce';
import { describeDatabaseError } from '@mortise/database';
import { type Auth, createServer, type Program, type Server } from '@mortise/toolkit';
import { resultSize } from '@mortise/toolkit/middleware/result-size';

import manifest from '../package.json' with { type: 'json' };
import { About } from './about.ts';
import { CustomerDb } from './customer-db.ts';
import { CustomerNotes } from './customer-notes.ts';
import { Customers } from './customers.ts';
import { openMapped, refuseWrongMapping } from './mapped-database.ts';
import { mappedShop } from './mapped-shop.ts';
import { mapping } from './mapping.ts';
import { ownShop } from './shop.ts';
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

const shop = mapping ? mappedShop(mapping) : ownShop;

function program(hasNotes: boolean, bytes: number): Server {
  return createServer({
    name: 'customer-db',
    version,
    description,
    surface: hasNotes ? surface : { ...surface, classes: surface.classes.filter(([type]) => type !== CustomerNotes) },
    options,
    commands: mapping ? {} : operatorCommands('customer-db', hasNotes),
    describeError: (error) => describeTimeZoneError(error) ?? describeDatabaseError(error),
    use: [resultSize({ bytes })],
    setup: async (stack, { options: values, callers, onReady }) => {
      const config = { applicationName: 'customer-db', readOnly: !hasNotes };
      const database = stack.use(mapping ? openMapped(mapping, values, config) : openCommerce(values, config));
      onReady((signal) => database.ping(signal));
      if (mapping) await refuseWrongMapping(database);
      const { rows, budget: milliseconds } = limits(values);
      const tenants =
        mapping?.tenants === 'one'
          ? { of: () => tenantDatabase(database, 'main') }
          : new Tenants(database, values, callers === 'verified');
      const databaseOf = withinBudget((caller: Auth | undefined) => tenants.of(caller), milliseconds);
      const privacy = Privacy.parse(values['pii-mode']);
      const cursors = new CursorSigner(process.env['MORTISE_STATE_KEY']);
      const identifiers = {
        customer_id: mapping ? shop.customers.example : 'CUS-1042, or 1042',
        order_id: shop.orders.example,
      };
      const facts = { version, engine: database.engine, privacy: privacy.mode, rows, notes: hasNotes, identifiers };
      return [
        new CustomerDb(
          (caller) => new Customers(databaseOf(caller), privacy, cursors, rows, shop),
          hasNotes,
          shop.customers,
        ),
        new About((caller) => tenants.of(caller), facts),
        ...(hasNotes ? [new CustomerNotes(databaseOf)] : []),
      ];
    },
  });
}

const { bytes: defaultBytes } = limits({});
const usual = program(false, defaultBytes);

/** What is offered is known before the options are: a start that is not the usual one has a server of its own. */
const server: Program = {
  ...usual,
  start: (values, deployment) => {
    const { bytes } = limits(values);
    const hasNotes = !mapping && values['allow-notes'] === true && deployment?.tools?.readOnly !== true;
    const started = hasNotes || bytes !== defaultBytes ? program(hasNotes, bytes) : usual;
    return started.start(values, deployment);
  },
};

export default server;
