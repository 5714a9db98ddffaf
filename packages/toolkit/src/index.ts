export type { Auth, Context, Era, LogFunction } from './context/context.ts';
export { ConfigurationError } from './define/configuration-error.ts';
export type {
  Constraint,
  ExclusiveMax,
  ExclusiveMin,
  Format,
  Int,
  Max,
  MaxItems,
  MaxLength,
  Min,
  MinItems,
  MinLength,
  MultipleOf,
  Pattern,
  UniqueItems,
} from './define/constraints.ts';
export { prompt, resource, tool, type ExplicitSchemas, type MethodMark } from './define/decorators.ts';
export type { Awaitable, Complete, PromptOptions, ResourceOptions, ToolOptions } from './define/definitions.ts';
export { NotFoundError, ToolError, type ToolErrorOptions } from './define/errors.ts';
export type { Schema, SchemaInput, SchemaOutput } from './define/schema.ts';
export type { CommandDefinition, OptionDefinition, OptionValues } from './serve/endpoint.ts';
export {
  surfaceOf,
  type CallSurface,
  type Class,
  type ClassSurface,
  type JsonSchema,
  type PromptSurface,
  type ResourceSurface,
  type Surface,
  type ToolSurface,
} from './surface/surface.ts';
