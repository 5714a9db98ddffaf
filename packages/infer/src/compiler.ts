/**
 * The TypeScript compiler as Mortise sees it: the only file that knows `typescript`. TypeScript 7.0 has its API under
 * `unstable/` and 7.1 does not, with other names for the calls of a session; both are spoken here, and nowhere else.
 */
import path from 'node:path';
import { versionMajorMinor } from 'typescript';
import type * as Sync from 'typescript/unstable/sync';
import type { FileSystem } from 'typescript/unstable/fs';
import type { Checker, NodeHandle, Project, Symbol as TypeScriptSymbol, Type } from 'typescript/unstable/sync';
import type * as Ast from 'typescript/unstable/ast';
import type { Node, Path, SourceFile } from 'typescript/unstable/ast';
import type * as Is from 'typescript/unstable/ast/is';

import { packageName } from './package-name.ts';
import { remembering } from './remembering.ts';

const sync = await load<typeof Sync>('sync');
const ast = await load<typeof Ast>('ast');
const { serverFS } = await load<{ readonly serverFS?: { readonly useOS: symbol } }>('fs');

export const is: typeof Is = await load<typeof Is>('ast/is');
export const ElementFlags: typeof Sync.ElementFlags = sync.ElementFlags;
export const ObjectFlags: typeof Sync.ObjectFlags = sync.ObjectFlags;
export const SignatureKind: typeof Sync.SignatureKind = sync.SignatureKind;
export const SymbolFlags: typeof Sync.SymbolFlags = sync.SymbolFlags;
export const SyntaxKind: typeof Ast.SyntaxKind = ast.SyntaxKind;
export const TypeFlags: typeof Sync.TypeFlags = sync.TypeFlags;
export type SignatureKind = Sync.SignatureKind;
export type SyntaxKind = Ast.SyntaxKind;

export type {
  Checker,
  LiteralType,
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
 * The compiler is a Go program, which by default lets its memory double before it collects. Over 500 tools, collecting
 * at a quarter more takes 50 MB less and 5 % longer.
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

type Options = Project['compilerOptions'];
type OpenProject = Project & {
  readonly parsedCommandLine?: { readonly options: Options; readonly fileNames: string[] };
};

function mutable({ changed, created, deleted }: FileChanges): { [kind in keyof FileChanges]: string[] } {
  return { changed: [...changed], created: [...created], deleted: [...deleted] };
}

/** The files and types of one project at one moment. */
export class Program {
  /** Every question to it is a trip through a pipe, so that it is not asked the same thing twice. */
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
  readonly #keywords = new Map<SyntaxKind, Type | undefined>();
  readonly #exports = new Map<TypeScriptSymbol, Map<string, TypeScriptSymbol | undefined>>();
  readonly #foreseen = new Set<Node>();
  readonly #nodes = new Map<NodeHandle, Node>();
  readonly #names = new Map<Path, string>();
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

  /**
   * Asks at once what will be asked about the names and types around a node: all of them in its file, or in its
   * statement where the file is large.
   */
  foreseeAround(node: Node): void {
    const source = node.getSourceFile();
    let region: Node = source.text.length > most ? node : source;
    while (region.parent && region.parent !== source) region = region.parent;
    if (this.#foreseen.has(region)) return;
    this.#foreseen.add(region);
    const questions: Questions = { names: [], types: [], properties: [] };
    collect(region, questions);
    const { names, types, properties } = questions;
    if (names.length > 0) this.symbolsAt(names);
    if (types.length > 0) this.checker.getTypeAtLocation(types);
    const symbols = this.symbolsAt(properties).filter((symbol) => symbol !== undefined);
    if (symbols.length > 0) this.foresee(symbols);
  }

  resolve(handle: NodeHandle): Node | undefined {
    const known = this.#nodes.get(handle);
    if (known) return known;
    const node = handle.resolve(this.#project);
    if (!node) return undefined;
    this.#nodes.set(handle, node);
    this.#names.set(handle.path, node.getSourceFile().fileName);
    if (this.isAuthored(handle.path)) this.foreseeAround(node);
    return node;
  }

  /** The type that a node says, other than one in a heritage clause. */
  typeAt(node: Node): Type | undefined {
    const { kind } = is.isLiteralTypeNode(node) && node.literal.kind === SyntaxKind.NullKeyword ? node.literal : node;
    if (kind < SyntaxKind.FirstKeyword || kind > SyntaxKind.LastKeyword) return this.checker.getTypeAtLocation(node);
    // every `string` is the same type
    if (!this.#keywords.has(kind)) this.#keywords.set(kind, this.checker.getTypeAtLocation(node));
    return this.#keywords.get(kind);
  }

  isTuple(type: Type): boolean {
    return isReference(type) && !type.getSymbol() && this.checker.isTupleType(type);
  }

  /** Also a `ReadonlyArray`. */
  isArray(type: Type): boolean {
    const symbol = isReference(type) ? type.getSymbol() : undefined;
    if (!symbol || !/^(?:Readonly)?Array$/.test(symbol.name)) return false;
    return this.inDefaultLibrary(symbol) || this.checker.isArrayType(type);
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
      const next = this.#next(symbol);
      if (!next || next === symbol) break;
      symbol = next;
    }
    return symbol;
  }

  /** One step on from an alias. Whoever imports the same name from the same module gets the same. */
  #next(alias: TypeScriptSymbol): TypeScriptSymbol | undefined {
    const [handle, another] = alias.declarations;
    const isImport = handle?.kind === SyntaxKind.ImportSpecifier && !another && this.isAuthored(handle.path);
    const declaration = isImport ? this.resolve(handle) : undefined;
    if (!declaration || !is.isImportSpecifier(declaration)) return this.checker.getImmediateAliasedSymbol(alias);
    const { text } = declaration.propertyName ?? declaration.name;
    const specifier = moduleOf(declaration.parent.parent.parent);
    const exporter = specifier && this.checker.getSymbolAtLocation(specifier);
    // the default of a module may depend on who imports it
    if (!exporter || text === 'default') return this.checker.getImmediateAliasedSymbol(alias);
    const known = this.#exports.get(exporter) ?? new Map<string, TypeScriptSymbol | undefined>();
    this.#exports.set(exporter, known);
    if (!known.has(text)) known.set(text, this.checker.getImmediateAliasedSymbol(alias));
    return known.get(text);
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
    const name = packageName(directory);
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
    const known = this.#names.get(file);
    if (known !== undefined) return known;
    this.#fileNames ??= new Map(
      this.#project.program.getSourceFileNames().flatMap((name) => [
        [name.toLowerCase(), name],
        [name, name],
      ]),
    );
    return this.#fileNames.get(file) ?? file;
  }
}

function isReference(type: Type): boolean {
  return type.isObjectType() && (type.objectFlags & ObjectFlags.Reference) !== 0;
}

/** Characters of a file about all of which it is worth to ask at once. */
const most = 20_000;

interface Questions {
  readonly names: Node[];
  readonly types: Node[];
  /** Names of properties, whose types are asked for too. */
  readonly properties: Node[];
}

/** What a reader of types and decorated methods asks the checker. Other code may be costly to understand. */
function collect(node: Node, questions: Questions): void {
  const { names, types, properties } = questions;
  const specifier = moduleOf(node);
  if (specifier) return void names.push(specifier);
  if (is.isBlock(node) || is.isObjectLiteralExpression(node) || isBesides(node)) return;
  if (is.isIdentifier(node)) return void names.push(node);
  if (is.isPropertySignatureDeclaration(node)) properties.push(node.name);
  else if (is.isMethodDeclaration(node) && node.type) types.push(...node.parameters, node.type);
  else if (is.isUnionTypeNode(node)) types.push(...node.types.filter(needsType));
  else if (is.isTypeReferenceNode(node)) types.push(node);
  node.forEachChild((child) => collect(child, questions));
}

/** Neither a type nor a decorated method. */
function isBesides(node: Node): boolean {
  if (is.isFunctionLikeDeclaration(node)) return !is.isMethodDeclaration(node) || !node.modifiers?.some(is.isDecorator);
  return is.isVariableStatement(node) || is.isExportDeclaration(node);
}

/** The type of a keyword or literal is known without asking. */
function needsType({ kind }: Node): boolean {
  return kind !== SyntaxKind.LiteralType && (kind < SyntaxKind.FirstKeyword || kind > SyntaxKind.LastKeyword);
}

function moduleOf(node: Node): Node | undefined {
  return is.isImportDeclaration(node) ? node.moduleSpecifier : undefined;
}

/** The module by the name that this version of TypeScript has it under. */
async function load<Module>(name: 'sync' | 'ast' | 'ast/is' | 'fs'): Promise<Module> {
  const folder = versionMajorMinor === '7.0' ? 'typescript/unstable' : 'typescript';
  return (await import(`${folder}/${name}`)) as Module;
}
