/**
 * The TypeScript compiler as Mortise sees it: nothing but the folder `compiler` knows `typescript`. TypeScript 7.0 has
 * its API under `unstable/` and 7.1 does not, with other names for the calls of a session; both are spoken there.
 */
export { Program } from './compiler/program.ts';
export { CompilerSession, type FileChanges, type StandIn } from './compiler/session.ts';
export * from './compiler/typescript.ts';
