import type { TokenVerifier } from './auth/token-verifier.ts';
import { offeredMethods } from './compose/offered-methods.ts';
import { composed, composedProgram, composedSkills, partsOf, type Mount, type Part } from './compose/part.ts';
import { ConfigurationError } from './define/configuration-error.ts';
import type { FunctionTool } from './define/functional.ts';
import { assertIcons, SERVER_ICON_PROTOCOLS } from './define/presentation.ts';
import type { Schema } from './define/schema.ts';
import { checkTool } from './dispatch/check-tool.ts';
import type { Endpoint, OptionValues } from './serve/endpoint.ts';
import type { Options, Server, ServerOptions } from './server.ts';
import { start } from './start.ts';
import { bindClass } from './surface/bind.ts';
import { checkEntry } from './surface/check-entry.ts';
import { Collection } from './surface/collection.ts';
import { functionPrompt, functionResource, functionTool } from './surface/define.ts';
import type { PromptDefinition, ResourceDefinition, ToolDefinition } from './surface/definition.ts';
import { assertFresh } from './surface/fresh.ts';
import type { Surface } from './surface/surface.ts';

/**
 * Defines a server.
 *
 * ```ts
 * export default createServer({ name: 'customer-db', version, surface, setup: () => new CustomerDb() });
 * ```
 * What the surface says wrongly about the code is thrown by `start`, as a ConfigurationError (MRT2001 to MRT2019).
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
    setup({ stack, values, operands, ...context }) {
      const given = { options: values as OptionValues<O>, operands: options.operands ? operands : [] };
      return options.setup?.(stack, { ...given, ...context }) ?? [];
    },
    assertSound() {
      if (refusal) throw refusal;
    },
  };
  const server: Server = {
    name,
    version,
    description,
    methodsOf: (type) => offeredMethods(type, composed(part)),
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
