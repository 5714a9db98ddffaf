/**
 * The TypeScript compiler as Mortise sees it: the only file that knows `typescript`. TypeScript 7.0 has its API under
 * `unstable/` and 7.1 does not, with other names for the calls of a session; both are spoken here, and nowhere else.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { versionMajorMinor } from 'typescript';
import type * as Sync from 'typescript/unstable/sync';
import type { Checker, NodeHandle, Project, Symbol as TypeScriptSymbol, Type } from 'typescript/unstable/sync';
import type * as Ast from 'typescript/unstable/ast';
import type { Node, Path, SourceFile } from 'typescript/unstable/ast';
import type * as Is from 'typescript/unstable/ast/is';

const sync = await load<typeof Sync>('sync');
const ast = await load<typeof Ast>('ast');

export const is: typeof Is = await load<typeof Is>('ast/is');
export const ElementFlags: typeof Sync.ElementFlags = sync.ElementFlags;
export const ObjectFlags: typeof Sync.ObjectFlags = sync.ObjectFlags;
export const SignatureKind: typeof Sync.SignatureKind = sync.SignatureKind;
export const SymbolFlags: typeof Sync.SymbolFlags = sync.SymbolFlags;
export const SyntaxKind: typeof Ast.SyntaxKind = ast.SyntaxKind;
export const TypeFlags: typeof Sync.TypeFlags = sync.TypeFlags;
export type SyntaxKind = Ast.SyntaxKind;

export type {
  Checker,
  LiteralType,
  Signature,
  TemplateLiteralType,
  TupleType,
  Type,
  TypeReference,
} from 'typescript/unstable/sync';
export type {
  BindingElement,
  ClassDeclaration,
  Decorator,
  Expression,
  HeritageClause,
  MethodDeclaration,
  Node,
  ParameterDeclaration,
  SourceFile,
} from 'typescript/unstable/ast';
export type { TypeScriptSymbol };

/** Absolute paths of files, by what happened to them. */
export interface FileChanges {
  readonly changed: readonly string[];
  readonly created: readonly string[];
  readonly deleted: readonly string[];
}

/** One compiler process with one project opened in it; a later {@link CompilerSession.program} sees changed files. */
export class CompilerSession {
  readonly #configuration: string;
  readonly #api: Api;
  #snapshot: Snapshot | undefined;

  /** @param configuration - Path of the tsconfig.json */
  constructor(configuration: string) {
    this.#configuration = path.resolve(configuration);
    this.#api = open(path.dirname(this.#configuration));
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
 * The compiler is a Go program, which by default lets its memory double before it collects. Over 500 tools, collecting
 * at a quarter more takes 50 MB less and 5 % longer.
 */
function open(cwd: string): Api {
  const before = process.env['GOGC'];
  process.env['GOGC'] ??= '50';
  try {
    return new sync.API({ cwd }) as unknown as Api;
  } finally {
    if (before === undefined) delete process.env['GOGC'];
  }
}

/** A session in both versions: `updateSnapshot` is 7.0, `createSnapshot` and `update` are 7.1. */
interface Api {
  readonly client?: { readonly channel?: { readonly child?: { kill(signal: 'SIGKILL'): void } } };
  updateSnapshot(changes: object): Snapshot;
  createSnapshot?(changes: object): Snapshot;
  close(): void;
}

interface Snapshot {
  getProject(configuration: string): OpenProject | undefined;
  getConfiguredProject?(configuration: string): OpenProject | undefined;
  update?(changes: object): Snapshot;
  dispose(): void;
}

type Options = Project['compilerOptions'];
type OpenProject = Project & {
  readonly parsedCommandLine?: { readonly options: Options; readonly fileNames: string[] };
};

function mutable({ changed, created, deleted }: FileChanges): { [kind in keyof FileChanges]: string[] } {
  return { changed: [...changed], created: [...created], deleted: [...deleted] };
}

/** The files and types of one project at one moment. */
export class Program {
  readonly checker: Checker;
  /** Absolute paths of the files that the tsconfig.json includes. */
  readonly rootFiles: readonly string[];
  /** `null` is a type of its own; without it a type does not say which values may be null. */
  readonly strictNullChecks: boolean;
  /** A relative import names the `.ts` file, not the `.js` file it becomes. */
  readonly importsTypeScript: boolean;
  readonly #project: Project;
  readonly #members = new WeakMap<Type, readonly Type[]>();
  readonly #packageNames = new Map<string, string>();
  #fileNames: Map<string, string> | undefined;

  constructor(project: OpenProject) {
    const options = project.parsedCommandLine?.options ?? project.compilerOptions;
    this.#project = project;
    this.checker = remembering(project.checker);
    this.rootFiles = project.parsedCommandLine?.fileNames ?? project.rootFiles;
    this.strictNullChecks = options.strictNullChecks ?? options.strict ?? true;
    this.importsTypeScript = !!options.rewriteRelativeImportExtensions || !!options.allowImportingTsExtensions;
  }

  sourceFile(fileName: string): SourceFile | undefined {
    return this.#project.program.getSourceFile(fileName);
  }

  /** The node that declares the symbol; the first one where there are several. */
  declarationOf(symbol: TypeScriptSymbol | undefined): Node | undefined {
    const handle = symbol?.valueDeclaration ?? symbol?.declarations[0];
    return handle && this.resolve(handle);
  }

  /** The members of a union or intersection; of every other type none. */
  membersOf(type: Type): readonly Type[] {
    if (!type.isUnionType() && !type.isIntersectionType()) return [];
    let members = this.#members.get(type);
    if (!members) this.#members.set(type, (members = type.getTypes()));
    return members;
  }

  /** Asks for the types of many symbols in one question, for those who ask for each of them next. */
  foresee(symbols: readonly TypeScriptSymbol[]): void {
    this.checker.getTypeOfSymbol(symbols);
  }

  resolve(handle: NodeHandle): Node | undefined {
    return handle.resolve(this.#project);
  }

  /** What the name stands for, through any number of imports and re-exports. */
  symbolAt(node: Node, through?: (alias: TypeScriptSymbol) => void): TypeScriptSymbol | undefined {
    return this.#behind(this.checker.getSymbolAtLocation(node), through);
  }

  /** The same for many names in one question to the compiler. */
  symbolsAt(
    nodes: readonly Node[],
    through?: (alias: TypeScriptSymbol) => void,
  ): readonly (TypeScriptSymbol | undefined)[] {
    if (nodes.length === 0) return [];
    return this.checker.getSymbolAtLocation(nodes).map((symbol) => this.#behind(symbol, through));
  }

  #behind(
    found: TypeScriptSymbol | undefined,
    through?: (alias: TypeScriptSymbol) => void,
  ): TypeScriptSymbol | undefined {
    let symbol = found;
    while (symbol && symbol.flags & SymbolFlags.Alias) {
      through?.(symbol);
      const next = this.checker.getImmediateAliasedSymbol(symbol);
      if (!next || next === symbol) break;
      symbol = next;
    }
    return symbol;
  }

  /** Part of TypeScript or of the platform's types: `lib.*.d.ts`. */
  inDefaultLibrary(symbol: TypeScriptSymbol | undefined): boolean {
    const file = symbol?.declarations[0]?.path;
    return !!file && !!this.#project.program.getSourceFileMetadataByPath(file)?.isDefaultLibrary;
  }

  /** The name in the package.json nearest to the symbol's declaration; empty where there is none. */
  packageOf(symbol: TypeScriptSymbol | undefined): string {
    const file = symbol?.declarations[0]?.path;
    return file ? this.packageOfFile(file) : '';
  }

  packageOfFile(file: Path): string {
    const directory = this.#project.program.getSourceFileMetadataByPath(file)?.packageJsonDirectory;
    if (!directory) return '';
    const known = this.#packageNames.get(directory);
    if (known !== undefined) return known;
    const name = packageName(path.join(directory, 'package.json'));
    this.#packageNames.set(directory, name);
    return name;
  }

  /** A file of the author: neither TypeScript's own nor one that a package manager put there. */
  isAuthored(file: Path): boolean {
    return (
      !file.includes('/node_modules/') && !this.#project.program.getSourceFileMetadataByPath(file)?.isDefaultLibrary
    );
  }

  /** The file's name with the letters it has on disk, which the compiler's own paths lose on some systems. */
  fileName(file: Path): string {
    this.#fileNames ??= new Map(
      this.#project.program.getSourceFileNames().flatMap((name) => [
        [name.toLowerCase(), name],
        [name, name],
      ]),
    );
    return this.#fileNames.get(file) ?? file;
  }
}

/**
 * Every question to the checker is a trip through a pipe. What is asked about one node, symbol or type is asked once;
 * the objects are the same for as long as a program is.
 */
function remembering(checker: Checker): Checker {
  const answers = new WeakMap<object, Map<string, unknown>>();
  const answersOn = (subject: object): Map<string, unknown> => {
    const known = answers.get(subject) ?? new Map<string, unknown>();
    answers.set(subject, known);
    return known;
  };
  return new Proxy(checker, {
    get(target, name): unknown {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      return (...parameters: readonly unknown[]): unknown => {
        const [subject, ...others] = parameters;
        if (Array.isArray(subject) && others.length === 0) {
          const all = subject as readonly object[];
          const asked = all.filter((each) => !answersOn(each).has(String(name)));
          const found = asked.length === 0 ? [] : (Reflect.apply(method, target, [asked]) as readonly unknown[]);
          for (const [index, each] of asked.entries()) answersOn(each).set(String(name), found[index]);
          return all.map((each) => answersOn(each).get(String(name)));
        }
        // arrays and tuples are references to generic types; of everything else the answer is known
        if ((name === 'isArrayType' || name === 'isTupleType') && !isReference(subject as Type)) return false;
        if (typeof subject !== 'object' || subject === null || others.some((each) => typeof each === 'object')) {
          return Reflect.apply(method, target, parameters) as unknown;
        }
        const question = [String(name), ...others].join(' ');
        const known = answersOn(subject);
        if (!known.has(question)) known.set(question, Reflect.apply(method, target, parameters));
        return known.get(question);
      };
    },
  });
}

function isReference({ flags, objectFlags = 0 }: Type & { readonly objectFlags?: number }): boolean {
  return (flags & TypeFlags.Object) !== 0 && (objectFlags & ObjectFlags.Reference) !== 0;
}

/** The module by the name that this version of TypeScript has it under. */
async function load<Module>(name: 'sync' | 'ast' | 'ast/is'): Promise<Module> {
  const folder = versionMajorMinor === '7.0' ? 'typescript/unstable' : 'typescript';
  return (await import(`${folder}/${name}`)) as Module;
}

function packageName(file: string): string {
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown };
    return typeof name === 'string' ? name : '';
  } catch {
    return '';
  }
}
