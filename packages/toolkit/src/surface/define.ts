import type {
  FunctionPrompt,
  FunctionResource,
  FunctionTool,
  PromptHandler,
  ResourceHandler,
  ToolHandler,
} from '../define/functional.ts';
import type { Schema } from '../define/schema.ts';
import type { PromptDefinition, ResourceDefinition, ToolDefinition } from './definition.ts';
import { PreparedSchema } from './prepared-schema.ts';
import { templateVariables } from './uri.ts';

/** The definition of a tool given as a function. */
export function functionTool(
  name: string,
  { description, input, output, ...options }: FunctionTool<Schema, Schema>,
  handler: ToolHandler<Schema, Schema>,
): ToolDefinition {
  return {
    name,
    description,
    options,
    input: PreparedSchema.explicit(input, 'input'),
    output: output && PreparedSchema.explicit(output, 'output'),
    owner: undefined,
    call: (_instance, values, context) => handler(values, context),
  };
}

/** The definition of a prompt given as a function. */
export function functionPrompt(
  name: string,
  { description, input, ...options }: FunctionPrompt<Schema>,
  handler: PromptHandler<Schema>,
): PromptDefinition {
  const none = { type: 'object', properties: {}, additionalProperties: false };
  return {
    name,
    description,
    options,
    input: input ? PreparedSchema.explicit(input, 'input') : PreparedSchema.inferred(none),
    output: undefined,
    owner: undefined,
    call: (_instance, values, context) => handler(values as Readonly<Record<string, never>>, context),
  };
}

/** The definition of a resource given as a function. */
export function functionResource(
  uri: string,
  { name, description, ...options }: FunctionResource,
  handler: ResourceHandler<string>,
): ResourceDefinition {
  const variables = templateVariables(uri);
  const input = {
    type: 'object',
    properties: Object.fromEntries(variables.map((variable) => [variable, { type: 'string' }])),
    additionalProperties: false,
  };
  return {
    name,
    description,
    uri,
    options,
    input: PreparedSchema.inferred(input),
    output: undefined,
    owner: undefined,
    call: (_instance, values, context) => handler(values as Readonly<Record<string, string>>, context),
  };
}
