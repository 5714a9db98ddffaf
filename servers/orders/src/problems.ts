import { allowedActions, formatOrderId, type OrderStatus, parseCustomerId, parseOrderId } from '@mortise/commerce';
import { NotFoundError, ToolError } from '@mortise/toolkit';

/** An argument that no database could make sense of. */
export function invalidArgument(message: string, hint: string): ToolError {
  return new ToolError(message, { code: 'INVALID_ARGUMENT', hint });
}

/** The key behind an order number. */
export function orderKey(order_id: string): number {
  const key = parseOrderId(order_id);
  if (key !== undefined) return key;
  throw invalidArgument('order_id has to look like ORD-10087.', 'Call search_orders to find the order_id.');
}

/** The key behind a customer number. */
export function customerKey(customer_id: string): number {
  const key = parseCustomerId(customer_id);
  if (key !== undefined) return key;
  throw invalidArgument('customer_id has to look like CUS-1042.', 'Ask for the customer number and repeat the call.');
}

/** A text that Postgres can hold and a person can read. */
export function plainText(argument: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed.isWellFormed() && !/[\p{Cc}--[\n\t]]/v.test(trimmed)) return trimmed;
  throw invalidArgument(`${argument} is blank or holds control characters.`, 'Write it as plain text.');
}

export function orderNotFound(): NotFoundError {
  return new NotFoundError('There is no order with this order_id.', {
    code: 'ORDER_NOT_FOUND',
    hint: 'Call search_orders to find the order_id.',
  });
}

export function customerNotFound(): NotFoundError {
  return new NotFoundError('There is no customer with this customer_id.', {
    code: 'CUSTOMER_NOT_FOUND',
    hint: 'Ask for the customer number, or find it in the orders that search_orders lists.',
  });
}

export function invalidCursor(): ToolError {
  return new ToolError('cursor is not one of this server, is older than a day, or belongs to other filters.', {
    code: 'INVALID_CURSOR',
    hint: 'Repeat the call without cursor, then pass next_cursor with the same filters.',
  });
}

/** What is known of an order when a change of it is refused. */
export interface CurrentOrder {
  readonly id: number;
  readonly status: OrderStatus;
  readonly version: number;
  readonly updated_at: string;
}

export function versionConflict(order: CurrentOrder, sent: number): ToolError {
  const order_id = formatOrderId(order.id);
  const now = `now ${order.version}: ${order.status} since ${order.updated_at}`;
  return new ToolError(`${order_id} changed since you read it (you sent version ${sent}, ${now}).`, {
    code: 'VERSION_CONFLICT',
    hint: `Call get_order {"order_id":"${order_id}"} and decide again; do not resend blindly.`,
    details: { order_id, version: order.version, status: order.status, allowed_actions: allowedActions(order.status) },
  });
}

export function invalidTransition(order: CurrentOrder, action: string): ToolError {
  const allowed = allowedActions(order.status);
  const next = allowed.length === 0 ? 'Nothing can be done with it any more.' : `Allowed now: ${allowed.join(', ')}.`;
  return new ToolError(`${formatOrderId(order.id)} is ${order.status}; it allows no ${action}.`, {
    code: 'INVALID_TRANSITION',
    hint: `${next} orders://state-machine shows every way.`,
    details: { status: order.status, version: order.version, allowed_actions: allowed },
  });
}
