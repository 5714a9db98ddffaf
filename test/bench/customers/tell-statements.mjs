// Loaded into customer-db before its own code, with `pg` outside of the bundle: tells each statement that it sends.
import pg from 'pg';

const query = Reflect.get(pg.Client.prototype, 'query');

pg.Client.prototype.query = function tell(statement, ...rest) {
  process.send?.({ text: statement.text, values: statement.values ?? rest[0] ?? [] });
  return Reflect.apply(query, this, [statement, ...rest]);
};
