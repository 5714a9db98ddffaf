export { fromJsonSchema } from '@modelcontextprotocol/server';

export type { TokenVerifier, VerifiedToken } from './auth/token-verifier.ts';
export type { OfferedMethod } from './compose/offered-methods.ts';
export type { ReadyCheck } from './compose/part.ts';
export type { Transform } from './compose/transforms.ts';
export { createServer } from './create-server.ts';
export type {
  Auth,
  Context,
  ElicitResult,
  Era,
  LogFunction,
  Notify,
  QuestionOptions,
  RequestedSchema,
} from './context/context.ts';
export type { Severity, WriteLog } from './context/log.ts';
export { memoryStateStore, type StateStore } from './context/state-store.ts';
export { withSignal } from './context/create-context.ts';
export type { AccessOptions } from './define/access.ts';
export type { ResourceView, ToolView, UiUri } from './define/apps.ts';
export type { AskingOptions } from './define/asking.ts';
export type { CacheOptions } from './define/caching.ts';
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
export {
  prompt,
  resource,
  tool,
  type PromptMark,
  type ResourceMark,
  type ToolMark,
  type ToolSchemas,
} from './define/decorators.ts';
export type {
  Awaitable,
  Complete,
  ListedResource,
  PromptOptions,
  ResourceOptions,
  ToolOptions,
} from './define/definitions.ts';
export type {
  FunctionPrompt,
  FunctionResource,
  FunctionTool,
  PromptHandler,
  ResourceHandler,
  ToolHandler,
} from './define/functional.ts';
export { NotFoundError, ToolError, type ToolErrorOptions } from './define/errors.ts';
export type { Annotations, Icon, PresentationOptions } from './define/presentation.ts';
export type { PromptMessage, PromptResult, ToolResult } from './define/results.ts';
export type { Schema, SchemaInput, SchemaOutput } from './define/schema.ts';
export type { CheckedPrompt, CheckedResource, CheckedTool, Decorated, Mistake } from './define/signature.ts';
export type { UriVariables } from './define/uri-variables.ts';
export type {
  Answers,
  Call,
  CallChanges,
  CalledDefinition,
  CallMethod,
  Failure,
  MethodMiddleware,
  Middleware,
  Next,
  Refusal,
} from './dispatch/middleware.ts';
export type { ChangeChannel } from './dispatch/shared-changes.ts';
export type { DescribeError, Problem } from './dispatch/problem.ts';
export { run } from './serve/command-line.ts';
export type {
  Callers,
  CommandDefinition,
  Deployment,
  Endpoint,
  OperandsDefinition,
  OptionDefinition,
  OptionValues,
  Program,
} from './serve/endpoint.ts';
export type { ResourceStack } from './serve/resource-stack.ts';
export type { Skills, SkillsOptions } from './surface/skills.ts';
export type { Server, ServerOptions, SetupContext } from './server.ts';
export { memoryTaskStore, type StoredTask, type TaskStore } from './tasks/task-store.ts';
export type { ToolSelection } from './surface/select.ts';
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
