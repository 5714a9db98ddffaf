/** Deeper than any message that means something, and far from what exhausts the stack of whoever walks it. */
export const MAX_DEPTH = 128;

/** Whether arrays and objects lie in each other more than {@link MAX_DEPTH} deep. */
export function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
