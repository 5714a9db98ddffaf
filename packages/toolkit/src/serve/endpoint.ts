import type { Adopt } from '../dispatch/direct-call.ts';
import type { Direct } from '../dispatch/direct.ts';
import type { AuthInfo, McpRequestContext, McpServer, ServerEventBus } from '@modelcontextprotocol/server';

import type { TokenVerifier } from '../auth/token-verifier.ts';
import type { TaskFeed } from '../tasks/task-feed.ts';
import type { ToolSelection } from '../surface/select.ts';

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
   * @param adopt - Finds the direct call that a request was handed over from
   */
  connect(request: McpRequestContext, adopt?: Adopt): McpServer;
  /** Answers the hot requests without an SDK server; a transport may do without it. */
  readonly direct?: Direct;
  readonly calls: Calls;
  /** Changes of lists and resources; a transport that keeps subscriptions of its own listens to it. */
  readonly bus: ServerEventBus;
  /** What clients may be told to ask for: the scopes of the entries that everybody sees. */
  readonly scopes: readonly string[];
  /**
   * Told by a transport that other machines can reach, before it serves them.
   * @throws ConfigurationError when something on offer needs what the operator did not give for that
   */
  expose(): void;
  /** Tells clients of their tasks; undefined where no tool becomes one. */
  readonly tasks?: TaskFeed | undefined;
  /** Whether a caller may be told of changes of a resource; undefined where everybody may. */
  readonly mayFollow: ((uri: string, authInfo: AuthInfo | undefined) => boolean) | undefined;
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
export interface CommandDefinition<Options> {
  /** One line for `--help`. */
  readonly description: string;
  /** Resolves with the line to print on stdout; a {@link ConfigurationError} is printed to stderr and exits 1. */
  run(values: Options): Promise<string>;
}

/** The values of options, by their names. */
export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** Who calls a started server. */
export type Callers =
  /** One local user, as over stdio; `scopes` undefined grants every scope that some entry needs. */
  | { readonly kind: 'local'; readonly subject: string; readonly scopes?: readonly string[] }
  /** Whoever reaches the port: nobody is asked who they are, and everybody has every scope. */
  | { readonly kind: 'anyone' }
  /** Only those whom the transport verified. */
  | { readonly kind: 'verified' };

/** What the operator decided for one start. */
export interface Deployment {
  readonly callers: Callers;
  /** Default: all of them. */
  readonly tools?: ToolSelection;
  /** The words of the command line besides options; default: none. */
  readonly operands?: readonly string[] | undefined;
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
  readonly commands: Readonly<Record<string, CommandDefinition<Values>>>;
  /** Absent: the command line takes no operands. */
  readonly operands?: OperandsDefinition | undefined;
  /** Checks tokens over HTTP, besides what the operator configures; undefined where the server brings nothing. */
  readonly verifier: ((values: Values) => TokenVerifier) | undefined;
  /**
   * Starts the server; a {@link ConfigurationError} says in one line what the operator has to mend.
   * @param deployment - Default: everything, for the local user
   */
  start(values: Values, deployment?: Deployment): Endpoint;
}
