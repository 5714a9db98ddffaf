import { describe, expect, test } from 'vitest';

import { canFollow, openStatuses, orderStatuses, transitions, type OrderStatus } from './index.ts';

function reachable(from: OrderStatus): ReadonlySet<OrderStatus> {
  const seen = new Set<OrderStatus>();
  const visit = (status: OrderStatus): void => {
    if (seen.has(status)) return;
    seen.add(status);
    transitions[status].forEach(visit);
  };
  visit(from);
  return seen;
}

describe('the state machine of orders', () => {
  test('reaches every status from pending', () => {
    expect([...reachable('pending')].toSorted()).toEqual([...orderStatuses].toSorted());
  });

  test('ends only as cancelled or refunded', () => {
    const ends = orderStatuses.filter((status) => transitions[status].length === 0);
    expect(ends).toEqual(['cancelled', 'refunded']);
  });

  test('never comes back', () => {
    for (const status of orderStatuses) {
      const later = transitions[status].flatMap((next) => [...reachable(next)]);
      expect(later).not.toContain(status);
    }
  });

  test('refuses what it does not list', () => {
    expect(canFollow('pending', 'paid')).toBe(true);
    expect(canFollow('pending', 'shipped')).toBe(false);
    expect(canFollow('refunded', 'paid')).toBe(false);
  });

  test('counts as open what can still go forward to the customer', () => {
    for (const status of openStatuses) expect(reachable(status)).toContain('delivered');
  });
});
