import {
  connectionOptions,
  type ConnectionValues,
  CursorSigner,
  migrateCommerce,
  openCommerce,
  Privacy,
  privacyOptions,
  tenancyOptions,
  tenantDatabase,
  Tenants,
} from '@mortise/commerce';
import { describeDatabaseError } from '@mortise/database';
import { type CommandDefinition, createServer, type Server } from '@mortise/toolkit';

import manifest from '../package.json' with { type: 'json' };
import { CustomerDb } from './customer-db.ts';
import { Customers } from './customers.ts';
import { openMapped, refuseWrongMapping } from './mapped-database.ts';
import { mappedShop } from './mapped-shop.ts';
import { mapping } from './mapping.ts';
import { ownShop } from './shop.ts';
import { surface } from './surface.gen.ts';

const { version, description } = manifest;
const shop = mapping ? mappedShop(mapping) : ownShop;
const migrate: CommandDefinition<ConnectionValues> = {
  description: 'Create or update the tables in the database',
  run: (values) => migrateCommerce(values, 'customer-db'),
};

const server: Server = createServer({
  name: 'customer-db',
  version,
  description,
  surface,
  options: { ...connectionOptions, ...tenancyOptions, ...privacyOptions },
  commands: mapping ? {} : { migrate },
  describeError: describeDatabaseError,
  setup: async (stack, { options, callers, onReady }) => {
    const config = { applicationName: 'customer-db', readOnly: true };
    const database = stack.use(mapping ? openMapped(mapping, options, config) : openCommerce(options, config));
    onReady((signal) => database.ping(signal));
    if (mapping) await refuseWrongMapping(database);
    const tenants =
      mapping?.tenants === 'one'
        ? { of: () => tenantDatabase(database, 'main') }
        : new Tenants(database, options, callers === 'verified');
    const privacy = Privacy.parse(options['pii-mode']);
    const cursors = new CursorSigner(process.env['MORTISE_STATE_KEY']);
    return new CustomerDb((caller) => new Customers(tenants.of(caller), privacy, cursors, shop), shop.customers);
  },
});

export default server;
