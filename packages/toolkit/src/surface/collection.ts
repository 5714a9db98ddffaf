import { ConfigurationError } from '../define/configuration-error.ts';
import type { Definition, Definitions, PromptDefinition, ResourceDefinition, ToolDefinition } from './definition.ts';

/** Names of tools and prompts on the wire (SEP-986). */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Definitions that are being put together, each under a name of its own. */
export class Collection implements Definitions {
  readonly tools: Map<string, ToolDefinition> = new Map<string, ToolDefinition>();
  readonly prompts: Map<string, PromptDefinition> = new Map<string, PromptDefinition>();
  readonly resources: Map<string, ResourceDefinition> = new Map<string, ResourceDefinition>();

  /** @throws ConfigurationError MRT2003 for a name that clients refuse, MRT2004 for one that is taken */
  addTool(tool: ToolDefinition): void {
    add('tool', this.tools, tool);
  }

  /** @throws ConfigurationError MRT2003 for a name that clients refuse, MRT2004 for one that is taken */
  addPrompt(prompt: PromptDefinition): void {
    add('prompt', this.prompts, prompt);
  }

  /** @throws ConfigurationError MRT2004 for a URI that is taken */
  addResource(resource: ResourceDefinition): void {
    if (this.resources.has(resource.uri)) {
      throw new ConfigurationError(`MRT2004: two resources have the URI ${resource.uri}; change or hide one.`);
    }
    this.resources.set(resource.uri, resource);
  }

  /** Adds all of them; what is wrong with one is wrong with all. */
  addAll({ tools, prompts, resources }: Definitions): void {
    for (const tool of tools.values()) this.addTool(tool);
    for (const prompt of prompts.values()) this.addPrompt(prompt);
    for (const resource of resources.values()) this.addResource(resource);
  }
}

function add<D extends Definition>(kind: string, definitions: Map<string, D>, definition: D): void {
  const { name } = definition;
  if (!NAME.test(name)) {
    throw new ConfigurationError(
      `MRT2003: the ${kind} name "${name}" is not 1 to 64 characters out of A-Z a-z 0-9 _ -; choose another, or a shorter prefix.`,
    );
  }
  if (definitions.has(name)) throw new ConfigurationError(`MRT2004: two ${kind}s have the name ${name}; rename one.`);
  definitions.set(name, definition);
}
