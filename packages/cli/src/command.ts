/** One command of `mortise`. */
export interface Command {
  /** What is typed: `infer [dir] [--check]`. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `mortise <command> --help` prints after the usage. */
  readonly help: string;
  /** Runs it with the arguments after its name; resolves to the exit code. */
  run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/** 0: as asked. 1: something about the project has to be mended. 2: the command was not understood. */
export type ExitCode = 0 | 1 | 2;

/** Where a command writes, and where it is run. */
export interface Terminal {
  /** The result: what a program may read. */
  out(text: string): void;
  /** Everything said to a person. */
  err(text: string): void;
  readonly directory: string;
  /** Fires when the user ends the command: Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The command was not understood; the message is one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
