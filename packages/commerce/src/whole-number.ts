/**
 * The whole number that an option gives; `undefined` where it was not given.
 * @param option - Its name, and the variable that gives it as well
 * @throws Error with one line for the operator, for anything but digits and for what is out of the range
 */
export function wholeNumber(
  text: string | undefined,
  option: { readonly name: string; readonly environment: string },
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^[1-9]\d{0,7}$/.test(text) ? Number(text) : Infinity;
  if (number >= least && number <= most) return number;
  throw new Error(`--${option.name} (or ${option.environment}) has to be a whole number from ${least} to ${most}.`);
}
