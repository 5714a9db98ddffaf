import { describe, expect, test } from 'vitest';

import { DatabaseProblem, describeDatabaseError } from './index.ts';

/** An error as libraries raise it: the message may hold anything. */
function raised(code: string | undefined, message = 'at 10.0.0.7: select "s3cret"'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe('an error that an operator or a caller can act on is described', () => {
  test.each([
    ['ECONNREFUSED', 'DB_UNAVAILABLE', true],
    ['ENOTFOUND', 'DB_UNAVAILABLE', true],
    ['08006', 'DB_UNAVAILABLE', true],
    ['57P01', 'DB_UNAVAILABLE', true],
    ['28P01', 'DB_UNAVAILABLE', false],
    ['3D000', 'DB_UNAVAILABLE', false],
    ['57P03', 'DB_STARTING', true],
    ['53300', 'DB_BUSY', true],
    ['40001', 'DB_BUSY', true],
    ['55P03', 'DB_BUSY', true],
    ['57014', 'QUERY_TIMEOUT', false],
    ['25006', 'READ_ONLY', false],
    ['42501', 'PERMISSION_DENIED', false],
    ['42P01', 'SCHEMA_OUTDATED', false],
  ])('%s as %s, retryable: %s', (raisedCode, code, retryable) => {
    const description = describeDatabaseError(raised(raisedCode));
    expect(description).toMatchObject({ code, retryable });
    expect(description?.hint).toMatch(/^[A-Z].*\.$/);
    expect(JSON.stringify(description)).not.toMatch(/s3cret|10\.0\.0\.7|select/);
  });

  test.each([
    ['timeout exceeded when trying to connect', undefined, 'DB_BUSY'],
    ['Connection terminated due to connection timeout', undefined, 'DB_UNAVAILABLE'],
    ['Connection terminated unexpectedly', undefined, 'DB_UNAVAILABLE'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', undefined, 'DB_UNAVAILABLE'],
    ['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'DB_UNAVAILABLE'],
    ["Hostname/IP does not match certificate's altnames", 'ERR_TLS_CERT_ALTNAME_INVALID', 'DB_UNAVAILABLE'],
  ])('%s', (message, raisedCode, code) => {
    expect(describeDatabaseError(raised(raisedCode, message))).toMatchObject({ code });
  });

  test('when every address of a host refuses', () => {
    const error = new AggregateError([raised('ECONNREFUSED'), raised('ECONNREFUSED')]);
    expect(describeDatabaseError(error)).toMatchObject({ code: 'DB_UNAVAILABLE' });
  });

  test('when this package raised it', () => {
    const description = { code: 'SCHEMA_OUTDATED', message: 'Old.', hint: 'Migrate.', retryable: false };
    expect(describeDatabaseError(new DatabaseProblem(description))).toEqual(description);
  });
});

describe('an error that only a programmer can mend is not', () => {
  test.each([
    ['a syntax error', raised('42601')],
    ['a value that is taken', raised('23505', 'duplicate key: certificate')],
    ['a bug', new TypeError('x is not a function')],
    ['text', 'ECONNREFUSED'],
    ['nothing', undefined],
    ['a code that is a name of objects', raised('constructor')],
  ])('%s', (_, error) => {
    expect(describeDatabaseError(error)).toBeUndefined();
  });
});
