import type { Prompt, Resource, ResourceTemplateType, Tool, ToolAnnotations } from '@modelcontextprotocol/server';

import type { ToolView } from '../define/apps.ts';
import type { ToolOptions } from '../define/definitions.ts';
import type { PresentationOptions } from '../define/presentation.ts';
import type { Definitions, PromptDefinition, ResourceDefinition, ToolDefinition } from '../surface/definition.ts';
import type { JsonSchema } from '../surface/surface.ts';
import { templateVariables } from '../surface/uri.ts';
import { mimeTypeOf } from './resource-result.ts';

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
    ...presentation(options),
    ...(description !== undefined && { description }),
    inputSchema: input.json as Tool['inputSchema'],
    ...(output && { outputSchema: objectSchema(output.json) }),
    ...(hints && { annotations: hints }),
    ...(options.ui !== undefined && { _meta: { ui: view(options.ui) } }),
  };
}

/** `_meta.ui` of MCP Apps 2026-01-26, "Resource Discovery". */
function view(ui: ToolView): { resourceUri: string; visibility?: readonly string[] } {
  if (typeof ui === 'string') return { resourceUri: ui };
  return { resourceUri: ui.resource, ...(ui.visibility && { visibility: ui.visibility }) };
}

function presentation({ title, icons }: PresentationOptions): Pick<Tool, 'title' | 'icons'> {
  return {
    ...(title !== undefined && { title }),
    ...(icons && { icons: icons as Tool['icons'] }),
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
    ...presentation(options),
    ...(description !== undefined && { description }),
    arguments: properties.map(([argument, schema]) => ({
      name: argument,
      ...(typeof schema['description'] === 'string' && { description: schema['description'] }),
      required: required.includes(argument),
    })),
  };
}

function listedResource({ name, uri, description, output, options }: ResourceDefinition): Omit<Resource, 'uri'> {
  const mimeType = mimeTypeOf(uri, options) ?? (output ? 'application/json' : undefined);
  const { annotations: audience, size, ui } = options;
  return {
    name,
    ...presentation(options),
    ...(description !== undefined && { description }),
    ...(mimeType !== undefined && { mimeType }),
    ...(audience && { annotations: audience as Resource['annotations'] }),
    ...(size !== undefined && { size }),
    ...(ui && { _meta: { ui } }),
  };
}
