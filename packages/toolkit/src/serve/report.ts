/** Everything that would break or forge a line: line ends, terminal escapes and other control characters. */
const BREAKS = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** User and password in a URL, as error messages of drivers repeat them. */
const CREDENTIALS = /\/\/[^\s/@]+@/gu;

const LONGEST_LINE = 2_000;

/** Text as one line of at most 2,000 characters, without control characters and credentials in URLs. */
export function oneLine(text: string): string {
  return text.slice(0, LONGEST_LINE).replaceAll(BREAKS, ' ').replaceAll(CREDENTIALS, '//…@').trim();
}

/**
 * Tells the operator one line on stderr; stdout belongs to the protocol.
 * @param message - May hold text from outside: it cannot start a second line
 */
export function report(message: string): void {
  process.stderr.write(`${oneLine(message)}\n`);
}

/** What a line about a failure says of it: its message, never its stack. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
