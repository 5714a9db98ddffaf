/** Where an order stands. */
export type OrderStatus = 'pending' | 'paid' | 'shipped' | 'delivered' | 'returned' | 'cancelled' | 'refunded';

/** From each status, those that may follow. Everything that changes an order goes by this table. */
export const transitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['paid', 'cancelled'],
  paid: ['shipped', 'cancelled', 'refunded'],
  shipped: ['delivered', 'returned'],
  delivered: ['returned', 'refunded'],
  returned: ['refunded'],
  cancelled: [],
  refunded: [],
};

/** Every status, in the order of an order's life. */
export const orderStatuses: readonly OrderStatus[] = Object.keys(transitions) as OrderStatus[];

/** The statuses of an order that somebody still has to act on. */
export const openStatuses: readonly ['pending', 'paid', 'shipped'] = ['pending', 'paid', 'shipped'];

/** Whether an order may go from one status to the other. */
export function canFollow(from: OrderStatus, to: OrderStatus): boolean {
  return transitions[from].includes(to);
}
