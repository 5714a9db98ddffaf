import type { TokenVerifier } from './auth/token-verifier.ts';
import type { OfferedMethod } from './compose/offered-methods.ts';
import type { ReadyCheck } from './compose/part.ts';
import type { Transform } from './compose/transforms.ts';
import type { WriteLog } from './context/log.ts';
import type { StateStore } from './context/state-store.ts';
import type { ChangeChannel } from './dispatch/shared-changes.ts';
import type { TaskStore } from './tasks/task-store.ts';
import type { CacheOptions } from './define/caching.ts';
import type { Awaitable } from './define/definitions.ts';
import type {
  FunctionPrompt,
  FunctionResource,
  FunctionTool,
  PromptHandler,
  ResourceHandler,
  ToolHandler,
} from './define/functional.ts';
import type { Icon } from './define/presentation.ts';
import type { Schema } from './define/schema.ts';
import type { UriVariables } from './define/uri-variables.ts';
import type { MethodMiddleware, Middleware } from './dispatch/middleware.ts';
import type { DescribeError } from './dispatch/problem.ts';
import type {
  Callers,
  CommandDefinition,
  OperandsDefinition,
  OptionDefinition,
  OptionValues,
  Program,
} from './serve/endpoint.ts';
import type { ResourceStack } from './serve/resource-stack.ts';
import type { Skills } from './surface/skills.ts';
import type { Class, Surface } from './surface/surface.ts';

/** The command line options of a server. */
export type Options = Readonly<Record<string, OptionDefinition>>;

/** What `setup` is told. */
export interface SetupContext<O extends Options> {
  /** The values of the server's own options. */
  readonly options: OptionValues<O>;
  /** The words on the command line besides options; empty unless the server defines operands. */
  readonly operands: readonly string[];
  /** Who calls: one `local` user, `anyone` who reaches the port, or only those whose token was `verified`. */
  readonly callers: Callers['kind'];
  /** Adds a check that `/readyz` makes: it rejects when the server cannot do its work now. */
  readonly onReady: (check: ReadyCheck) => void;
  /** Lets each answer of a user count once, where the store says so: in this process, or in all that share it. */
  readonly useStateStore: (store: StateStore) => void;
  /** Keeps the tasks in a store that outlives this process, or that all processes of the server share. */
  readonly useTaskStore: (store: TaskStore) => void;
  /** Joins the processes of the server: clients of each hear of the changes that any of them announces. */
  readonly useChangeChannel: (channel: ChangeChannel) => Promise<void>;
}

/** A server, as its author describes it. */
export interface ServerOptions<O extends Options> {
  /** Name on the wire and of the command. */
  readonly name: string;
  readonly version: string;
  /** Shown to people instead of the name. */
  readonly title?: string;
  /** One line for `--help`. */
  readonly description?: string;
  /** Shown by clients; every answer of 2026 carries them, so that they are addresses, not pictures. */
  readonly icons?: readonly Icon[];
  /** Where people read more. */
  readonly websiteUrl?: string;
  /** Entries on one page of a list; by default a list is one page. */
  readonly pageSize?: number;
  /** How long clients may keep the lists. */
  readonly cache?: CacheOptions;
  /** Skills that clients may load (SEP-2640): `skillFolder('./skills')` of `@mortise/toolkit/skills`. */
  readonly skills?: Skills;
  /** How a model should use the server as a whole. */
  readonly instructions?: string;
  /** `surface.gen.ts`; left out only by servers that use nothing but the functional form. */
  readonly surface?: Surface;
  /** The server's own command line options. */
  readonly options?: O;
  /** Words that the command line takes besides options, such as folders. */
  readonly operands?: OperandsDefinition;
  /** The server's own subcommands. */
  readonly commands?: Readonly<Record<string, CommandDefinition<OptionValues<O>>>>;
  /** Where log records go; by default a line of JSON each on stderr. It must not write to stdout. */
  readonly log?: WriteLog;
  /** Recognises errors that are not `ToolError`s, such as a database's; what it returns the model may read. */
  readonly describeError?: DescribeError;
  /** Who may have what, beyond the `scopes`, `visible` and `public` of the entries. */
  readonly auth?: {
    /**
     * Checks the tokens of HTTP clients in a way of its own, besides what the operator configures. A server that has
     * one asks every HTTP client for a token, unless the operator types `--no-auth`.
     */
    verifier?(options: OptionValues<O>): TokenVerifier;
    /** Leaves out of lists what the caller lacks the scopes for; by default it is listed, so that a client may ask for them. */
    readonly hideWithoutScopes?: boolean;
  };
  /** Stands around every call, outermost first; see `docs/middleware.md` for what there is. */
  readonly use?: readonly (Middleware | MethodMiddleware)[];
  /**
   * Makes the instances of the decorated classes, once per process. What it puts on `stack` is closed at the end.
   * It runs beside the serving: the handshake never waits for it, a call does.
   */
  setup?(stack: ResourceStack, context: SetupContext<O>): Awaitable<object | readonly object[]>;
}

/** A server that is defined but not started. */
export interface Server extends Program {
  /**
   * How clients call the methods of a class, its own or one of what it mounts: for tests that call them by their
   * methods. Nothing for a class that is not offered.
   * @throws ConfigurationError when the server would not start
   */
  methodsOf(type: Class): readonly OfferedMethod[];
  /**
   * Adds middleware inside of all that was added before: a function for every method, or an object with a function
   * for each method that it is about.
   *
   * ```ts
   * app.use({ 'tools/call': async (call, next) => ({ ...(await next()), _meta: { served_by: call.name } }) });
   * ```
   */
  use(middleware: Middleware | MethodMiddleware): this;
  /**
   * Offers everything that another server offers, under `prefix_name`, in this one: with its middleware inside of this
   * one's, its own setup and its command line options. Authentication, instructions, pages and icons are this one's.
   * A name that is too long or taken ends the start.
   *
   * ```ts
   * createServer({ name: 'shop', version }).mount('orders', orders, [hide({ tools: ['cancel_order'] })]);
   * ```
   * @param prefix - Comes before every name, with `_`; empty for none. URIs stay
   * @param transforms - Change what is offered, in their order; see `@mortise/toolkit/transforms`
   */
  mount(prefix: string, other: Server, transforms?: readonly Transform[]): this;
  /** Adds a tool without a class. */
  tool<Input extends Schema, Output extends Schema>(
    name: string,
    definition: FunctionTool<Input, Output>,
    handler: ToolHandler<Input, Output>,
  ): this;
  /** Adds a prompt without a class. */
  prompt<Input extends Schema>(name: string, definition: FunctionPrompt<Input>, handler: PromptHandler<Input>): this;
  /** Adds a resource, or a template where the URI has variables (RFC 6570), without a class. */
  resource<Uri extends string>(
    uri: Uri,
    definition: FunctionResource<UriVariables<Uri>>,
    handler: ResourceHandler<Uri>,
  ): this;
}
