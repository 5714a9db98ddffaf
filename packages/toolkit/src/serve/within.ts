/**
 * Whether `work` settles within `milliseconds`. A rejection counts as settled and is dropped; handle it before.
 * @param milliseconds - Zero or less looks only at work that is already settled
 */
export async function within(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), Math.max(0, milliseconds));
  const settled = work.then(
    () => true as const,
    () => true as const,
  );
  try {
    return await Promise.race([settled, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
