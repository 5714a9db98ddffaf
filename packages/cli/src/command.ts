import type { ParseArgsOptionsConfig } from 'node:util';

/** One command of `mortise`. */
export interface Command {
  /** What is typed: `infer [dir] [--check]`. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `mortise <command> --help` prints after the usage. */
  readonly help: string;
  /** The options it takes, in the form of `parseArgs`. */
  readonly options: ParseArgsOptionsConfig;
  /** Runs it with the arguments after its name; resolves to the exit code. */
  run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/**
 * 0: as asked. 1: something about the project or the server has to be mended. 2: the command was not understood.
 * 3: no connection to the server. Another: that of the program that the command ran.
 */
export type ExitCode = number;

/** Where a command writes, and where it is run. */
export interface Terminal {
  /** The result: what a program may read. */
  out(text: string): void;
  /** Everything said to a person. */
  err(text: string): void;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asks the user a question and resolves with the answer; absent where nobody can answer. */
  ask?(question: string): Promise<string>;
  /** All of stdin. */
  input(): Promise<string>;
  /** Fires when the user ends the command: Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The command was not understood; the message is one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The server could not be reached; the message is one line with what to do, and what the server said may follow. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** What was asked for cannot be done until something is mended; the message is one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
