import type { Prompt, Resource, ResourceTemplateType, Tool, ToolAnnotations } from '@modelcontextprotocol/server';

import type { ToolOptions } from '../define/definitions.ts';
import type { Definitions, PromptDefinition, ResourceDefinition, ToolDefinition } from '../surface/definition.ts';
import type { JsonSchema } from '../surface/surface.ts';
import { templateVariables } from '../surface/uri.ts';

/** The answers of every list request, made once. */
export interface Listings {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  readonly resourceTemplates: readonly ResourceTemplateType[];
}

/** What a client gets to see of the definitions, in their order. */
export function listingsOf({ tools, prompts, resources }: Definitions): Listings {
  const all = [...resources.values()];
  return {
    tools: [...tools.values()].map(listedTool),
    prompts: [...prompts.values()].map(listedPrompt),
    resources: all.filter(({ uri }) => !isTemplate(uri)).map((each) => ({ uri: each.uri, ...listedResource(each) })),
    resourceTemplates: all
      .filter(({ uri }) => isTemplate(uri))
      .map((each) => ({ uriTemplate: each.uri, ...listedResource(each) })),
  };
}

/** Whether a resource's URI has variables. */
export function isTemplate(uri: string): boolean {
  return templateVariables(uri).length > 0;
}

function listedTool({ name, description, input, output, options }: ToolDefinition): Tool {
  const hints = annotations(options);
  return {
    name,
    ...(options.title !== undefined && { title: options.title }),
    ...(description !== undefined && { description }),
    inputSchema: input.json as Tool['inputSchema'],
    ...(output && { outputSchema: objectSchema(output.json) }),
    ...(hints && { annotations: hints }),
  };
}

/** A union of objects says so at its root too: clients of 2025 know no schema without `type: "object"` there. */
function objectSchema(json: JsonSchema): NonNullable<Tool['outputSchema']> {
  return { type: 'object', ...json };
}

function annotations({ readOnly, destructive, idempotent, openWorld }: ToolOptions): ToolAnnotations | undefined {
  const hints = {
    ...(readOnly !== undefined && { readOnlyHint: readOnly }),
    ...(destructive !== undefined && { destructiveHint: destructive }),
    ...(idempotent !== undefined && { idempotentHint: idempotent }),
    ...(openWorld !== undefined && { openWorldHint: openWorld }),
  };
  return Object.keys(hints).length === 0 ? undefined : hints;
}

function listedPrompt({ name, description, input, options }: PromptDefinition): Prompt {
  const properties = Object.entries((input.json['properties'] ?? {}) as Record<string, JsonSchema>);
  const required = (input.json['required'] ?? []) as readonly string[];
  return {
    name,
    ...(options.title !== undefined && { title: options.title }),
    ...(description !== undefined && { description }),
    arguments: properties.map(([argument, schema]) => ({
      name: argument,
      ...(typeof schema['description'] === 'string' && { description: schema['description'] }),
      required: required.includes(argument),
    })),
  };
}

function listedResource({ name, description, output, options }: ResourceDefinition): Omit<Resource, 'uri'> {
  const mimeType = options.mimeType ?? (output ? 'application/json' : undefined);
  return {
    name,
    ...(options.title !== undefined && { title: options.title }),
    ...(description !== undefined && { description }),
    ...(mimeType !== undefined && { mimeType }),
  };
}
