/** Something that only the operator can mend. Its message is one line, with the fix in it; it is printed as it is. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
