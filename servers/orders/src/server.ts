import {
  connectionOptions,
  CursorSigner,
  limitOptions,
  limits,
  openCommerce,
  operatorCommands,
  Privacy,
  privacyOptions,
  tenancyOptions,
  Tenants,
  withinBudget,
} from '@mortise/commerce';
import { type Auth, ConfigurationError, createServer, type OptionValues, type Program } from '@mortise/toolkit';
import { resultSize } from '@mortise/toolkit/middleware/result-size';

import manifest from '../package.json' with { type: 'json' };
import type { ConfirmationMode } from './confirmation.ts';
import { describeError } from './describe-error.ts';
import { OrderEnding } from './order-ending.ts';
import { OrderReading } from './order-reading.ts';
import { OrderWriting } from './order-writing.ts';
import { Orders } from './orders.ts';
import { surface } from './surface.gen.ts';
import { TaxRate } from './tax-rate.ts';

const { version, description } = manifest;

const options = {
  ...connectionOptions,
  ...tenancyOptions,
  ...privacyOptions,
  ...limitOptions,
  'orders-read-only': {
    type: 'boolean',
    description: 'The same as --read-only',
    environment: 'ORDERS_READ_ONLY',
  },
  'tax-percent': {
    type: 'string',
    description: 'Tax that create_order adds to the prices; the demo data has 8',
    placeholder: 'number',
    environment: 'ORDERS_TAX_PERCENT',
  },
  confirm: {
    type: 'string',
    description: 'How cancelling and refunding are confirmed: auto asks the user, token never asks, off needs none',
    placeholder: 'auto|token|off',
    environment: 'CONFIRM_WRITES',
  },
} as const;

type Values = OptionValues<typeof options>;

/** The tax of the demo data; on a database of somebody's own there is no default that could be right. */
const DEMO_TAX = '8';

function taxRate(values: Values): TaxRate {
  const { 'tax-percent': percent, 'database-url': url } = values;
  if (percent === undefined && url !== undefined) {
    throw new ConfigurationError(
      'Say which tax create_order adds: --tax-percent (or ORDERS_TAX_PERCENT), such as 7.7 or 0; or give --read-only.',
    );
  }
  const rate = TaxRate.parse(percent ?? DEMO_TAX);
  if (rate) return rate;
  throw new ConfigurationError(
    '--tax-percent (or ORDERS_TAX_PERCENT) has to be a number from 0 to 100 with up to three decimals.',
  );
}

function confirmationMode({ confirm = 'auto' }: Values): ConfirmationMode {
  if (confirm === 'auto' || confirm === 'token' || confirm === 'off') return confirm;
  throw new ConfigurationError('--confirm (or CONFIRM_WRITES) has to be auto, token or off.');
}

function program(readOnly: boolean, bytes: number): Program {
  return createServer({
    name: 'orders',
    version,
    description,
    surface: readOnly ? { ...surface, classes: surface.classes.filter(([type]) => type === OrderReading) } : surface,
    options,
    commands: operatorCommands('orders', !readOnly),
    describeError,
    use: [resultSize({ bytes })],
    setup: (stack, context) => {
      const { options: values } = context;
      const writing = readOnly ? undefined : { tax: taxRate(values), mode: confirmationMode(values) };
      const database = stack.use(openCommerce(values, { applicationName: 'orders', readOnly }));
      context.onReady((signal) => database.ping(signal));
      const tenants = new Tenants(database, values, context.callers === 'verified');
      const { rows, budget } = limits(values);
      const databaseOf = withinBudget((caller: Auth | undefined) => tenants.of(caller), budget);
      const privacy = Privacy.parse(values['pii-mode']);
      const cursors = new CursorSigner(process.env['MORTISE_STATE_KEY']);
      const deployment = { engine: database.engine, read_only: readOnly };
      const reading = new OrderReading((caller) => new Orders(databaseOf(caller), privacy, cursors, deployment, rows));
      if (!writing) return reading;
      return [
        reading,
        new OrderWriting(databaseOf, { tax: writing.tax, privacy }),
        new OrderEnding(databaseOf, writing.mode),
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
    const readOnly = deployment?.tools?.readOnly === true || values['orders-read-only'] === true;
    const { bytes } = limits(values);
    const started = readOnly || bytes !== defaultBytes ? program(readOnly, bytes) : usual;
    return started.start(values, deployment);
  },
};

export default server;
