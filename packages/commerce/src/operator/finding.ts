/** One thing that a check looked at. */
export interface Finding {
  /** What was looked at, in a word. */
  readonly subject: string;
  /** `error`: the server refuses, or is not safe; `warning`: it works, but worse than it could. */
  readonly severity: 'ok' | 'warning' | 'error';
  /** What is the matter, one sentence. */
  readonly text: string;
  /** The statement or the command that mends it. */
  readonly fix?: string | undefined;
}

const WIDTH = 9;

/** What a check found, for people to read, and how many errors are in it. */
export function report(findings: readonly Finding[]): { text: string; failed: boolean } {
  const lines = findings.flatMap(({ severity, subject, text, fix }) => [
    `${severity.padEnd(WIDTH)}${subject}: ${text}`,
    ...(fix === undefined ? [] : [`${' '.repeat(WIDTH)}fix: ${fix}`]),
  ]);
  const count = (wanted: Finding['severity']): number => findings.filter(({ severity }) => severity === wanted).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const sum = errors + warnings === 0 ? 'All is well.' : `Errors: ${errors}, warnings: ${warnings}.`;
  return { text: [...lines, sum].join('\n'), failed: errors > 0 };
}
