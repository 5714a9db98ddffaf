// The benchmark of customer-db on a small database: that it fills, that every answer is right, never how long it takes.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { shopCustomer } from './customers/shop.ts';

test('the shop has the same customers every time', () => {
  expect(shopCustomer(3)).toEqual({
    id: 1004,
    name: 'Horacio Montoya',
    email: 'horacio.montoya.1004@example.com',
    company: 'Lauridsen Travel & Sons',
    orders: 1,
  });
});

test('every kind of call is answered right on a database that the benchmark fills', () => {
  const flags = ['--conditions=@mortise/source', '--disable-warning=ExperimentalWarning'];
  const benchmark = join(import.meta.dirname, 'customers.ts');
  const run = spawnSync(process.execPath, [...flags, benchmark, '--rows=2000', '--quick'], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  const [, alone = '', together = ''] = run.stdout.split('\n\n');
  expect(alone.trim().split('\n')).toHaveLength(2 + 18 + 5);
  expect(together.trim().split('\n')).toHaveLength(2 + 2);
  expect(run.stdout).not.toContain('NaN');
}, 180_000);
