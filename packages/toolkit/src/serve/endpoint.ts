import type { McpRequestContext, McpServer, ServerEventBus } from '@modelcontextprotocol/server';

/** The calls that are being answered right now: what a shutdown waits for. */
export interface Calls {
  readonly size: number;
  /** Resolves when no call is left. */
  idle(): Promise<void>;
  /** Fires the signal of every call. */
  abort(reason: string): void;
}

/** What a transport serves: one started server, without a wire. */
export interface Endpoint {
  readonly name: string;
  readonly version: string;
  /**
   * A fresh SDK server that knows everything on offer: for one connection (stdio), one request (2026-07-28 over HTTP)
   * or one session (2025-11-25 over HTTP). Free of side effects: the SDK may ask twice for one connection.
   */
  connect(request: McpRequestContext): McpServer;
  readonly calls: Calls;
  /** Changes of lists and resources; a transport that keeps subscriptions of its own listens to it. */
  readonly bus: ServerEventBus;
  /** Rejects when `setup` fails: the server will never answer a call. */
  readonly started: Promise<void>;
  /** Rejects when the server cannot do its work now, such as without its database. */
  ready(signal: AbortSignal): Promise<void>;
  /** Closes what `setup` opened; a second call does nothing. */
  close(): Promise<void>;
}

/** One `--name` of the command line, with the environment variable that gives its default. */
export interface OptionDefinition {
  readonly type: 'string' | 'boolean';
  /** One line for `--help`. */
  readonly description: string;
  /** Shown in `--help` as `--name <placeholder>`. */
  readonly placeholder?: string;
  /** The environment variable read when the option is not given. */
  readonly environment?: string;
}

/** The values that the command line and the environment gave. */
export type OptionValues<Options extends Readonly<Record<string, OptionDefinition>>> = {
  readonly [Name in keyof Options]: (Options[Name]['type'] extends 'boolean' ? boolean : string) | undefined;
};

/** A subcommand such as `migrate`, with the server's own options. */
export interface CommandDefinition<Values> {
  /** One line for `--help`. */
  readonly description: string;
  /** Resolves with the line to print on stdout; a {@link ConfigurationError} is printed to stderr and exits 1. */
  run(values: Values): Promise<string>;
}

/** What may stand on the command line besides options: any number of words, such as the folders of a file server. */
export interface OperandsDefinition {
  /** Shown in `--help` as `<placeholder>…`. */
  readonly placeholder: string;
  /** One line for `--help`. */
  readonly description: string;
}

/** What the command line runs: a server that is not started yet. */
export interface Program {
  readonly name: string;
  readonly version: string;
  /** One line for `--help`. */
  readonly description: string | undefined;
  readonly options: Readonly<Record<string, OptionDefinition>>;
  readonly commands: Readonly<
    Record<string, CommandDefinition<Readonly<Record<string, string | boolean | undefined>>>>
  >;
  /** Absent: the command line takes no operands. */
  readonly operands?: OperandsDefinition | undefined;
  /** Starts the server; a {@link ConfigurationError} says in one line what the operator has to mend. */
  start(values: Readonly<Record<string, string | boolean | undefined>>, operands?: readonly string[]): Endpoint;
}
