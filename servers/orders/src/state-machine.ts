import {
  actions,
  allowedActions,
  type OrderAction,
  orderStatuses,
  type OrderStatus,
  transitions,
} from '@mortise/commerce';

/** What can be done with an order of one status. */
interface StatusRule {
  status: OrderStatus;
  /** Nothing follows. */
  final: boolean;
  allowed: { action: OrderAction; leads_to: OrderStatus }[];
}

/** The life of an order, as a table and as a drawing. */
export interface StateMachine {
  statuses: StatusRule[];
  /** What a reader of the table would not guess */
  notes: string[];
  /** The same as a state diagram in Mermaid */
  mermaid: string;
}

/** Both forms come from the table that the code and the database go by. */
export function stateMachine(): StateMachine {
  const arrows = orderStatuses.flatMap((from) =>
    allowedActions(from).map((action) => `  ${from} --> ${actions[action]}: ${action}`),
  );
  const ends = orderStatuses.filter((status) => transitions[status].length === 0);
  return {
    statuses: orderStatuses.map((status) => ({
      status,
      final: transitions[status].length === 0,
      allowed: allowedActions(status).map((action) => ({ action, leads_to: actions[action] })),
    })),
    notes: [
      'A refund of a part leaves the status as it is; the refund of all that is left leads to refunded.',
      'Cancelling a paid order gives back all that is left.',
    ],
    mermaid: [
      'stateDiagram-v2',
      '  [*] --> pending: create',
      ...arrows,
      ...ends.map((status) => `  ${status} --> [*]`),
      '',
    ].join('\n'),
  };
}
