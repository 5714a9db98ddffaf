import type { TokenVerifier } from './auth/token-verifier.ts';
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
  CommandDefinition,
  Endpoint,
  OperandsDefinition,
  OptionDefinition,
  OptionValues,
  Program,
} from './serve/endpoint.ts';
import type { ResourceStack } from './serve/resource-stack.ts';
import { start, type ReadyCheck } from './start.ts';
import { bindClass } from './surface/bind.ts';
import { checkEntry } from './surface/check-entry.ts';
import { functionPrompt, functionResource, functionTool } from './surface/define.ts';
import type { Definition, PromptDefinition, ResourceDefinition, ToolDefinition } from './surface/definition.ts';
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
  /** Adds a check that `/readyz` makes: it rejects when the server cannot do its work now. */
  onReady(check: ReadyCheck): void;
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
  const tools = new Map<string, ToolDefinition>();
  const prompts = new Map<string, PromptDefinition>();
  const resources = new Map<string, ResourceDefinition>();
  const middleware = [...(options.use ?? [])];
  const addTool = (definition: ToolDefinition): void => {
    checkTool(definition);
    add('tool', tools, definition.name, definition);
  };
  const { surface, name, version, title, description, instructions, describeError, auth } = options;
  const bindSurface = (whole: Surface): void => {
    assertFresh(whole);
    for (const [type, offered] of whole.classes) {
      const bound = bindClass(type, offered);
      for (const each of bound.tools) addTool(each);
      for (const each of bound.prompts) add('prompt', prompts, each.name, each);
      for (const each of bound.resources) add('resource', resources, each.uri, each);
    }
  };
  const refusal = refusalOf(() => {
    assertIcons(name, options.icons, SERVER_ICON_PROTOCOLS);
    assertPageSize(options.pageSize);
    if (surface) bindSurface(surface);
  });
  return {
    name,
    version,
    description,
    surface,
    options: options.options ?? {},
    commands: options.commands ?? {},
    operands: options.operands,
    verifier: auth?.verifier && ((values) => auth.verifier?.(values as OptionValues<O>) as TokenVerifier),
    start(values, deployment): Endpoint {
      if (refusal) throw refusal;
      return start(
        {
          name,
          version,
          title,
          icons: options.icons,
          websiteUrl: options.websiteUrl,
          pageSize: options.pageSize,
          cache: options.cache,
          skills: options.skills,
          instructions,
          describeError,
          middleware: [...middleware],
          hideWithoutScopes: auth?.hideWithoutScopes ?? false,
          definitions: { tools, prompts, resources },
          setup: (stack, onReady) => {
            const { operands = [] } = deployment ?? {};
            return options.setup?.(stack, { options: values as OptionValues<O>, operands, onReady }) ?? [];
          },
        },
        deployment,
      );
    },
    use(added) {
      middleware.push(added);
      return this;
    },
    tool(toolName, definition, handler) {
      // what `text` and `confirm` take is narrower here than anything that calls them knows
      const erased = definition as unknown as FunctionTool<Schema, Schema>;
      addTool(functionTool(toolName, erased, handler as never));
      return this;
    },
    prompt(promptName, definition, handler) {
      add('prompt', prompts, promptName, functionPrompt(promptName, definition, handler as never));
      return this;
    },
    resource(uri, definition, handler) {
      add('resource', resources, uri, functionResource(uri, definition, handler as never));
      return this;
    },
  };
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

/** Names of tools and prompts on the wire (SEP-986). */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

function add<D extends Definition>(kind: string, definitions: Map<string, D>, key: string, definition: D): void {
  if (kind !== 'resource' && !NAME.test(key)) {
    throw new ConfigurationError(`MRT2003: the ${kind} name "${key}" is not 1 to 64 characters out of A-Z a-z 0-9 _ -`);
  }
  if (definitions.has(key)) throw new ConfigurationError(`MRT2004: two ${kind}s have the name ${key}; rename one.`);
  checkEntry(definition);
  definitions.set(key, definition);
}
