import { NotFoundError, ToolError } from '@mortise/toolkit';

import type { Key } from './keys.ts';

/** An argument that no database could make sense of. */
export function invalidArgument(message: string, hint: string): ToolError {
  return new ToolError(message, { code: 'INVALID_ARGUMENT', hint });
}

/** A cursor that belongs to other arguments, was changed or has expired. */
export function invalidCursor(): ToolError {
  return new ToolError('cursor is not one of this server, is older than a day, or belongs to other arguments.', {
    code: 'INVALID_CURSOR',
    hint: 'Repeat the call without cursor, then pass next_cursor with the same arguments.',
  });
}

/** Nobody has this number, as far as the caller may see. */
export function customerNotFound(): NotFoundError {
  return new NotFoundError('There is no customer with this customer_id.', {
    code: 'CUSTOMER_NOT_FOUND',
    hint: 'Call search_customers to find the customer_id.',
  });
}

/** The key behind a customer_id. */
export function customerKey<K extends Key>(
  customer_id: string,
  { example, parse }: { readonly example: string; readonly parse: (text: string) => K | undefined },
): K {
  const key = parse(customer_id);
  if (key !== undefined) return key;
  throw invalidArgument(`customer_id has to look like ${example}.`, 'Call search_customers to find the customer_id.');
}
