/** An exact amount. */
export interface Money {
  /**
   * The amount in the currency's smallest unit: cents for USD, whole yen for JPY.
   * @asType integer
   */
  minor: number;
  /** ISO 4217 code, such as USD. */
  currency: string;
  /** The same amount for a person to read, such as $1,234.50. */
  formatted: string;
}

/** How many digits of a currency come after the decimal point: 2 for USD, 0 for JPY. */
export function minorDigits(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

/**
 * Completes an amount with the text that people read. The text is made from digits, never by a division.
 * @param minor - A safe integer, in the smallest unit of the currency
 * @param currency - ISO 4217 code
 * @throws RangeError when `minor` is not a safe integer or `currency` is not three letters
 */
export function money(minor: number, currency: string): Money {
  if (!Number.isSafeInteger(minor)) throw new RangeError('An amount of money has to be a safe integer of minor units.');
  const fraction = minorDigits(currency);
  const digits = String(Math.abs(minor)).padStart(fraction + 1, '0');
  const point = digits.length - fraction;
  const decimal = `${minor < 0 ? '-' : ''}${digits.slice(0, point)}${fraction > 0 ? `.${digits.slice(point)}` : ''}`;
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  // A text is formatted exactly (ECMA-402, ToIntlMathematicalValue); a number would be rounded to a double first.
  return { minor, currency, formatted: format.format(decimal as Intl.StringNumericLiteral) };
}
