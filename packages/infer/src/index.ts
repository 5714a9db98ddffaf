export { codes, type Code } from './codes.ts';
export { formatDiagnostic, type Diagnostic } from './diagnostics.ts';
export { inferProject, surfaceFile, type InferOptions, type InferResult } from './infer.ts';
export type { ClassSurface, Entry, SurfaceClass } from './surface.ts';
export type { JsonSchema } from './schema/json-schema.ts';
export { watchProject } from './watch.ts';
export type { Change, Severity } from './diff/change.ts';
export { readSurface } from './diff/read.ts';
export { diffSurfaces } from './diff/surfaces.ts';
