import * as fc from 'fast-check';

/** Any JSON value, with any characters in its strings. */
export const anything: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' });

/** A value with one thing in it changed: dropped, added, replaced, or gone a little too far. */
export function mutated(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const path = fc.array(fc.nat(20), { maxLength: 5 });
  return fc.tuple(values, path, fc.nat(20), anything).map(([value, steps, kind, other]) => {
    return changed(value, steps, kind, other);
  });
}

function changed(value: unknown, [step, ...steps]: readonly number[], kind: number, other: unknown): unknown {
  if (typeof value !== 'object' || value === null) return nearly(value, kind, other);
  if (step === undefined) return kind % 2 === 0 ? other : turned(value);
  const entries: [string, unknown][] = Object.entries(value);
  const index = step % (entries.length + 1);
  const [name, inner] = entries[index] ?? ['another', undefined];
  if (index === entries.length) entries.push([name, other]);
  else if (steps.length === 0 && kind % 3 === 0) entries.splice(index, 1);
  else if (steps.length === 0 && kind % 3 === 1) entries.splice(index, 0, [`${name}_`, inner]);
  else entries[index] = [name, changed(inner, steps, kind, other)];
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

/** An array for an object, an object for an array. */
function turned(value: object): object {
  return Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : Object.values(value);
}

/** One past a bound, a fraction, another case, the same as text: where validators differ. */
function nearly(value: unknown, kind: number, other: unknown): unknown {
  const near =
    typeof value === 'number'
      ? [value + 1, value - 1, value + 0.5, -value, value * 1e6, String(value)]
      : typeof value === 'string'
        ? [`${value}x`, value.slice(1), '', value.toUpperCase(), ` ${value}`, `${value}\n`, value.repeat(50)]
        : [null, String(value), 0];
  return [...near, other][kind % (near.length + 1)];
}
