import * as fc from 'fast-check';

/**
 * Any JSON value but the integers beyond 2^53: a JSON Schema `integer` admits them, the runtime refuses them, since they
 * do not arrive as they were sent.
 */
export const anything: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 3 }).map(withoutUnsafe);

function withoutUnsafe(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUnsafe);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutUnsafe(each)]));
  }
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? 0 : value;
}

/** The values with one thing in them changed: dropped, replaced, added. They are nearly right, where validators differ. */
export function mutationsOf(values: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...values), fc.array(fc.nat(5), { maxLength: 4 }), fc.nat(3), anything)
    .map(([value, path, kind, other]) => mutated(value, path, kind, other));
}

function mutated(value: unknown, [step, ...path]: readonly number[], kind: number, other: unknown): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return kind === 0 ? value : other;
  const entries: [string, unknown][] = Object.entries(value);
  const index = step % (entries.length + 1);
  if (index === entries.length) entries.push(['another', other]);
  else if (path.length === 0 && kind === 1) entries.splice(index, 1);
  else entries[index] = [entries[index]?.[0] ?? '', mutated(entries[index]?.[1], path, kind, other)];
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}
