/** The command line cannot be understood. The message is one line; it repeats no value, which may be a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
