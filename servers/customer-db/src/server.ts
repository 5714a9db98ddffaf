import {
  connectionOptions,
  CursorSigner,
  openCommerce,
  operatorCommands,
  Privacy,
  privacyOptions,
  tenancyOptions,
  Tenants,
} from '@mortise/commerce';
import { describeDatabaseError } from '@mortise/database';
import { createServer, type Server } from '@mortise/toolkit';

import manifest from '../package.json' with { type: 'json' };
import { CustomerDb } from './customer-db.ts';
import { Customers } from './customers.ts';
import { surface } from './surface.gen.ts';

const { version, description } = manifest;

const server: Server = createServer({
  name: 'customer-db',
  version,
  description,
  surface,
  options: { ...connectionOptions, ...tenancyOptions, ...privacyOptions },
  commands: operatorCommands('customer-db', false),
  describeError: describeDatabaseError,
  setup: (stack, context) => {
    const database = stack.use(openCommerce(context.options, { applicationName: 'customer-db', readOnly: true }));
    context.onReady((signal) => database.ping(signal));
    const tenants = new Tenants(database, context.options, context.callers === 'verified');
    const privacy = Privacy.parse(context.options['pii-mode']);
    const cursors = new CursorSigner(process.env['MORTISE_STATE_KEY']);
    return new CustomerDb((caller) => new Customers(tenants.of(caller), privacy, cursors));
  },
});

export default server;
