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

/** What can be done with an order. */
export type OrderAction = 'pay' | 'ship' | 'deliver' | 'return' | 'cancel' | 'refund';

/** The status that each action leads to; a refund leads there when it gives back all that is left. */
export const actions: Readonly<Record<OrderAction, OrderStatus>> = {
  pay: 'paid',
  ship: 'shipped',
  deliver: 'delivered',
  return: 'returned',
  cancel: 'cancelled',
  refund: 'refunded',
};

/** What can be done with an order of a status. */
export function allowedActions(status: OrderStatus): OrderAction[] {
  return (Object.keys(actions) as OrderAction[]).filter((action) => canFollow(status, actions[action]));
}
