import type { Values } from './definition.ts';

/** Copies `values` with a `Date` at each of the pointers; see `CallSurface.dates` for their form. */
export function reviveDates(values: Values, pointers: readonly string[]): Values {
  return pointers.reduce((result, pointer) => revive(result, pointer.split('/').slice(1)) as Values, values);
}

function revive(value: unknown, [token, ...rest]: readonly string[]): unknown {
  if (value === undefined || value === null) return value;
  if (token === undefined) return typeof value === 'string' ? new Date(value) : value;
  if (typeof value !== 'object') return value;
  if (token !== '{each}') {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const held = (value as Record<string, unknown>)[name];
    return held === undefined ? value : { ...value, [name]: revive(held, rest) };
  }
  if (Array.isArray(value)) return value.map((element) => revive(element, rest));
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, revive(held, rest)]));
}
