import path from 'node:path';
import type * as Sync from 'typescript/unstable/sync';
import type { FileSystem } from 'typescript/unstable/fs';

import { Program, type OpenProject } from './program.ts';
import { load } from './load.ts';

const sync = await load<typeof Sync>('sync');
const { serverFS } = await load<{ readonly serverFS?: { readonly useOS: symbol } }>('fs');

/** Absolute paths of files, by what happened to them. */
export interface FileChanges {
  readonly changed: readonly string[];
  readonly created: readonly string[];
  readonly deleted: readonly string[];
}

/** A text that the compiler reads where a file has another. */
export interface StandIn {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** One compiler process with one project opened in it; a later {@link CompilerSession.program} sees changed files. */
export class CompilerSession {
  readonly #configuration: string;
  readonly #api: Api;
  #snapshot: Snapshot | undefined;

  /** @param configuration - Path of the tsconfig.json */
  constructor(configuration: string, standIn?: StandIn) {
    this.#configuration = path.resolve(configuration);
    this.#api = open(path.dirname(this.#configuration), standIn);
  }

  /**
   * The project as its files are now. The program that was returned before is no longer usable.
   * @param changes - What changed since; left out, everything may have
   */
  program(changes?: FileChanges): Program {
    const before = this.#snapshot;
    const now = this.#advance(changes);
    this.#snapshot = now;
    if (before !== now) before?.dispose();
    const project = now.getConfiguredProject?.(this.#configuration) ?? now.getProject(this.#configuration);
    if (!project) throw new Error(`${this.#configuration} is not a TypeScript project`);
    return new Program(project);
  }

  /**
   * Lets go of what was read of the files and types; the compiler itself keeps them for the next program. What has
   * changed by then is not said of a snapshot that is gone, so that no file of it may be used again.
   */
  forget(): void {
    this.#api.clearSourceFileCache();
    if (!this.#api.createSnapshot) this.#snapshot?.dispose();
  }

  [Symbol.dispose](): void {
    this.#snapshot?.dispose();
    // `close` sends SIGTERM, at which the compiler may print "context canceled"; it holds nothing that has to be saved
    this.#api.client?.channel?.child?.kill('SIGKILL');
    this.#api.close();
  }

  #advance(changes: FileChanges | undefined): Snapshot {
    const opening = { openProjects: [this.#configuration] };
    const files = changes ? mutable(changes) : { invalidateAll: true };
    const before = this.#snapshot;
    if (!this.#api.createSnapshot) return this.#api.updateSnapshot(before ? { fileChanges: files } : opening);
    return before?.update?.({ ...opening, fileNotifications: files }) ?? this.#api.createSnapshot(opening);
  }
}

/**
 * The compiler is a Go program, which by default lets its memory double before it collects; here it grows by half. At a
 * third, over 500 tools, it would take 7 MB less and a fifth more time.
 */
function open(cwd: string, standIn: StandIn | undefined): Api {
  const before = process.env['GOGC'];
  process.env['GOGC'] ??= '50';
  try {
    const fs = standIn && fileSystem(standIn);
    return new sync.API({ cwd, ...(fs && { fs }) }) as unknown as Api;
  } finally {
    if (before === undefined) delete process.env['GOGC'];
  }
}

/** To leave a file to the compiler is `undefined` in 7.0 and `useOS` in 7.1, which wants to hear of every operation. */
function fileSystem({ file, text }: StandIn): FileSystem {
  const others = 'fileExists directoryExists getAccessibleEntries realpath stat writeFile removeFile'.split(' ');
  const readFile = (name: string): unknown => (path.resolve(name) === file ? text : serverFS?.useOS);
  return { ...Object.fromEntries(others.map((name) => [name, serverFS?.useOS])), readFile } as FileSystem;
}

/** A session in both versions: `updateSnapshot` is 7.0, `createSnapshot` and `update` are 7.1. */
interface Api {
  readonly client?: { readonly channel?: { readonly child?: { kill(signal: 'SIGKILL'): void } } };
  updateSnapshot(changes: object): Snapshot;
  createSnapshot?(changes: object): Snapshot;
  clearSourceFileCache(): void;
  close(): void;
}

interface Snapshot {
  getProject(configuration: string): OpenProject | undefined;
  getConfiguredProject?(configuration: string): OpenProject | undefined;
  update?(changes: object): Snapshot;
  dispose(): void;
}

function mutable({ changed, created, deleted }: FileChanges): { [kind in keyof FileChanges]: string[] } {
  return { changed: [...changed], created: [...created], deleted: [...deleted] };
}
