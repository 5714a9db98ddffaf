import { expect, test } from 'vitest';
import { oneLine } from './report.ts';

test('a line stays one line, whatever is in it', () => {
  expect(oneLine('a\nb\r\nc\u2028d\u001B[31me\u0000f')).toBe('a b c d [31me f');
  expect(oneLine('x'.repeat(5_000))).toHaveLength(2_000);
});

test('credentials in a URL are taken out', () => {
  expect(oneLine('no answer from postgres://ann:s3cret@db:5432/orders')).toBe(
    'no answer from postgres://…@db:5432/orders',
  );
  expect(oneLine('open http://127.0.0.1:3000/mcp?mail=ann@example.com')).toBe(
    'open http://127.0.0.1:3000/mcp?mail=ann@example.com',
  );
});
