/**
 * The TypeScript compiler as Mortise sees it: the only file that imports `typescript`. TypeScript 7.1 moves the API out
 * of `unstable/` and renames the session calls; this file is then the whole port.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { API, SymbolFlags } from 'typescript/unstable/sync';
import type { Checker, NodeHandle, Project, Snapshot, Symbol as TypeScriptSymbol } from 'typescript/unstable/sync';
import type { Node, Path, SourceFile } from 'typescript/unstable/ast';
import * as is from 'typescript/unstable/ast/is';

export { SyntaxKind } from 'typescript/unstable/ast';
export { ElementFlags, ObjectFlags, SignatureKind, SymbolFlags, TypeFlags } from 'typescript/unstable/sync';
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
  Identifier,
  MethodDeclaration,
  Node,
  ObjectBindingPattern,
  ObjectLiteralExpression,
  ParameterDeclaration,
  SourceFile,
  TypeNode,
} from 'typescript/unstable/ast';
export type { TypeScriptSymbol };
export { is };

/** One compiler process with one project opened in it; a later {@link CompilerSession.program} sees changed files. */
export class CompilerSession {
  readonly #configuration: string;
  readonly #api: API;
  #snapshot: Snapshot | undefined;

  /** @param configuration - Path of the tsconfig.json */
  constructor(configuration: string) {
    this.#configuration = path.resolve(configuration);
    this.#api = new API({ cwd: path.dirname(this.#configuration) });
  }

  /**
   * The project as its files are now. The program that was returned before is no longer usable.
   * @param changed - Absolute paths of the files that changed since; left out, everything may have
   */
  program(changed?: readonly string[]): Program {
    const before = this.#snapshot;
    this.#snapshot = this.#api.updateSnapshot(
      before
        ? { fileChanges: changed ? { changed: [...changed] } : { invalidateAll: true } }
        : { openProjects: [this.#configuration] },
    );
    before?.dispose();
    const project = this.#snapshot.getProject(this.#configuration);
    if (!project) throw new Error(`${this.#configuration} is not a TypeScript project`);
    return new Program(project);
  }

  [Symbol.dispose](): void {
    this.#snapshot?.dispose();
    // `close` sends SIGTERM, at which the compiler may print "context canceled"; it holds nothing that has to be saved
    (this.#api as unknown as Partial<WithProcess>).client?.channel?.child?.kill('SIGKILL');
    this.#api.close();
  }
}

interface WithProcess {
  readonly client: { readonly channel?: { readonly child?: { kill(signal: 'SIGKILL'): void } } };
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
  readonly #packageNames = new Map<string, string>();
  #fileNames: Map<string, string> | undefined;

  constructor(project: Project) {
    const options = project.compilerOptions;
    this.#project = project;
    this.checker = project.checker;
    this.rootFiles = project.rootFiles;
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

  resolve(handle: NodeHandle): Node | undefined {
    return handle.resolve(this.#project);
  }

  /** What the name stands for, through any number of imports and re-exports. */
  symbolAt(node: Node, through?: (alias: TypeScriptSymbol) => void): TypeScriptSymbol | undefined {
    let symbol = this.checker.getSymbolAtLocation(node);
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

function packageName(file: string): string {
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown };
    return typeof name === 'string' ? name : '';
  } catch {
    return '';
  }
}
