import type { TokenVerifier } from './auth/token-verifier.ts';
import {
  composed,
  composedProgram,
  composedSkills,
  partsOf,
  type Mount,
  type Part,
  type ReadyCheck,
} from './compose/part.ts';
import type { Transform } from './compose/transforms.ts';
import type { WriteLog } from './context/log.ts';
import type { StateStore } from './context/state-store.ts';
import type { CacheOptions } from './define/caching.ts';
import { ConfigurationError } from './define/configuration-error.ts';
import type { Awaitable } from './define/definitions.ts';
import type {
  FunctionPrompt,
  FunctionResource,
  FunctionTool,
  PromptHandler,
  ResourceHandler,
  ToolHandler,
} from './define/functional.ts';
import { assertIcons, SERVER_ICON_PROTOCOLS, type Icon } from './define/presentation.ts';
import type { Schema } from './define/schema.ts';
import type { UriVariables } from './define/uri-variables.ts';
import { checkTool } from './dispatch/check-tool.ts';
import type { MethodMiddleware, Middleware } from './dispatch/middleware.ts';
import type { DescribeError } from './dispatch/problem.ts';
import type {
  Callers,
  CommandDefinition,
  Endpoint,
  OperandsDefinition,
  OptionDefinition,
  OptionValues,
  Program,
} from './serve/endpoint.ts';
import type { ResourceStack } from './serve/resource-stack.ts';
import { start } from './start.ts';
import { bindClass } from './surface/bind.ts';
import { checkEntry } from './surface/check-entry.ts';
import { functionPrompt, functionResource, functionTool } from './surface/define.ts';
import { Collection } from './surface/collection.ts';
import type { PromptDefinition, ResourceDefinition, ToolDefinition } from './surface/definition.ts';
import { assertFresh } from './surface/fresh.ts';
import type { Skills } from './surface/skills.ts';
import type { Surface } from './surface/surface.ts';

type Options = Readonly<Record<string, OptionDefinition>>;

/** What `setup` is told. */
export interface SetupContext<O extends Options> {
  /** The values of the server's own options. */
  readonly options: OptionValues<O>;
  /** The words on the command line besides options; empty unless the server defines operands. */
  readonly operands: readonly string[];
  /** Who calls: one `local` user, `anyone` who reaches the port, or only those whose token was `verified`. */
  readonly callers: Callers['kind'];
  /** Adds a check that `/readyz` makes: it rejects when the server cannot do its work now. */
  onReady(check: ReadyCheck): void;
  /** Lets each answer of a user count once, where the store says so: in this process, or in all that share it. */
  useStateStore(store: StateStore): void;
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
  /** What its classes offer, for tests that call them by their methods. */
  readonly surface: Surface | undefined;
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

/**
 * Defines a server.
 *
 * ```ts
 * export default createServer({ name: 'customer-db', version, surface, setup: () => new CustomerDb() });
 * ```
 * What the surface says wrongly about the code is thrown by `start`, as a ConfigurationError (MRT2001 to MRT2014).
 */
export function createServer<const O extends Options = Options>(options: ServerOptions<O>): Server {
  const { surface, name, version, title, description, instructions, describeError, auth } = options;
  const own = new Collection();
  const middleware = [...(options.use ?? [])];
  const mounts: Mount[] = [];
  const addTool = (definition: ToolDefinition): void => {
    checkTool(definition);
    checkEntry(definition);
    own.addTool(definition);
  };
  const addPrompt = (definition: PromptDefinition): void => {
    checkEntry(definition);
    own.addPrompt(definition);
  };
  const addResource = (definition: ResourceDefinition): void => {
    checkEntry(definition);
    own.addResource(definition);
  };
  const bindSurface = (whole: Surface): void => {
    assertFresh(whole);
    for (const [type, offered] of whole.classes) {
      const bound = bindClass(type, offered);
      bound.tools.forEach(addTool);
      bound.prompts.forEach(addPrompt);
      bound.resources.forEach(addResource);
    }
  };
  const refusal = refusalOf(() => {
    assertIcons(name, options.icons, SERVER_ICON_PROTOCOLS);
    assertPageSize(options.pageSize);
    if (surface) bindSurface(surface);
  });
  const part: Part = {
    name,
    definitions: own,
    middleware,
    describeError,
    mounts,
    skills: options.skills,
    program: {
      options: options.options ?? {},
      commands: options.commands ?? {},
      operands: options.operands,
      verifier: auth?.verifier && ((values) => auth.verifier?.(values as OptionValues<O>) as TokenVerifier),
    },
    setup: ({ stack, values, ...context }) =>
      options.setup?.(stack, { options: values as OptionValues<O>, ...context }) ?? [],
    assertSound() {
      if (refusal) throw refusal;
    },
  };
  const server: Server = {
    name,
    version,
    description,
    surface,
    get options() {
      return composedProgram(part).options;
    },
    get commands() {
      return composedProgram(part).commands;
    },
    get operands() {
      return composedProgram(part).operands;
    },
    verifier: part.program.verifier,
    start(values, deployment): Endpoint {
      const definitions = composed(part);
      composedProgram(part); // refuses what cannot be mounted
      return start(
        {
          name,
          version,
          title,
          icons: options.icons,
          websiteUrl: options.websiteUrl,
          pageSize: options.pageSize,
          cache: options.cache,
          skills: composedSkills(part),
          log: options.log,
          instructions,
          describeError,
          middleware: [...middleware],
          hideWithoutScopes: auth?.hideWithoutScopes ?? false,
          definitions,
          values,
          setup: (setupSource) => part.setup(setupSource),
        },
        deployment,
      );
    },
    use(added) {
      middleware.push(added);
      return server;
    },
    mount(prefix, other, transforms = []) {
      const mounted = partOf(other);
      if (partsOf(mounted).includes(part)) throw new ConfigurationError(`MRT2017: ${name} is mounted into itself.`);
      mounts.push({ prefix, part: mounted, transforms });
      return server;
    },
    tool(toolName, definition, handler) {
      // what `text` and `confirm` take is narrower here than anything that calls them knows
      const erased = definition as unknown as FunctionTool<Schema, Schema>;
      addTool(functionTool(toolName, erased, handler as never));
      return server;
    },
    prompt(promptName, definition, handler) {
      addPrompt(functionPrompt(promptName, definition, handler as never));
      return server;
    },
    resource(uri, definition, handler) {
      addResource(functionResource(uri, definition, handler));
      return server;
    },
  };
  parts.set(server, part);
  return server;
}

/** What the servers of this process are made of, for those that mount them. */
const parts = new WeakMap<Server, Part>();

function partOf(server: Server): Part {
  const part = parts.get(server);
  if (part) return part;
  throw new ConfigurationError('MRT2017: only what createServer of this toolkit made can be mounted.');
}

/**
 * What is wrong with the surface is told at the start, not here: a server is defined while its module loads, and an
 * error there would reach the operator as a stack instead of a line.
 */
function refusalOf(bind: () => void): ConfigurationError | undefined {
  try {
    bind();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

function assertPageSize(size: number | undefined): void {
  if (size === undefined || (Number.isSafeInteger(size) && size > 0)) return;
  throw new ConfigurationError('MRT2014: pageSize has to be a whole number, 1 or more.');
}
