/** A customer as the outside knows it, such as `CUS-1042`. */
export type CustomerIdentifier = `CUS-${number}`;
/** An order as the outside knows it, such as `ORD-10087`. */
export type OrderIdentifier = `ORD-${number}`;

/** Writes a customer's key as `CUS-1042`. */
export function formatCustomerId(id: number): CustomerIdentifier {
  return `CUS-${id}`;
}

/** Writes an order's key as `ORD-10087`. */
export function formatOrderId(id: number): OrderIdentifier {
  return `ORD-${id}`;
}

/**
 * Reads `CUS-1042`, `cus-1042` or `1042`.
 * @returns `undefined` for anything else: a sign, a leading zero, white space, another notation, a key out of range
 */
export function parseCustomerId(text: string): number | undefined {
  return parse(text, 'CUS');
}

/**
 * Reads `ORD-10087`, `ord-10087` or `10087`.
 * @returns `undefined` for anything else, as {@link parseCustomerId}
 */
export function parseOrderId(text: string): number | undefined {
  return parse(text, 'ORD');
}

function parse(text: string, prefix: string): number | undefined {
  const digits = text.toUpperCase().startsWith(`${prefix}-`) ? text.slice(prefix.length + 1) : text;
  // Checked here and not by Postgres, which would take 0x10 and 1_000 as well (16 and later).
  if (!/^[1-9][0-9]{0,15}$/.test(digits)) return undefined;
  const id = Number(digits);
  return Number.isSafeInteger(id) ? id : undefined;
}
