import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** How a program starts a server over stdio. */
export interface Command {
  readonly command: string;
  readonly args: string[];
}

/** In this repository the server's own bundle, once it is built; everywhere else what npm has. */
function server(name: string): Command {
  const bundle = fileURLToPath(new URL(`../../servers/${name}/dist/cli.js`, import.meta.url));
  return existsSync(bundle)
    ? { command: process.execPath, args: [bundle] }
    : { command: 'npx', args: ['-y', `@mortise/${name}`] };
}

/** Customers, on an embedded Postgres with demo data. */
export const customerDb: Command = server('customer-db');

/** Orders of the same demo, which it also changes. */
export const orders: Command = server('orders');
