export { codes, type Code } from './codes.ts';
export { formatDiagnostic, type Diagnostic } from './diagnostics.ts';
export { inferProject, surfaceFile, type InferOptions, type InferResult } from './infer.ts';
export type { ClassSurface, Entry, SurfaceClass } from './surface.ts';
export type { JsonSchema } from './schema/json-schema.ts';
