// Loaded into customer-db before its own code, with `pg` outside of the bundle: tells each statement that it sends.
import pg from 'pg';

type Query = (this: pg.Client, statement: { text: string; values?: unknown }, values?: unknown) => unknown;

const client = pg.Client.prototype as unknown as { query: Query };
const { query } = client;

client.query = function tell(statement, values) {
  process.send?.({ text: statement.text, values: statement.values ?? values ?? [] });
  return query.call(this, statement, values);
};
