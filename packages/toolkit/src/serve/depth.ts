/** Deeper than any message that means something, and far from what exhausts the stack of whoever walks it. */
export const MAX_DEPTH = 128;

/** Whether arrays and objects lie in each other more than {@link MAX_DEPTH} deep. */
export function isTooDeep(value: unknown): boolean {
  return isDeeperThan(MAX_DEPTH, value);
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  // what comes from JSON.parse has no properties but its own
  for (const name in value) if (isDeeperThan(levels - 1, (value as Record<string, unknown>)[name])) return true;
  return false;
}
