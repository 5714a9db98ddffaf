import type { Checker, NodeHandle, Project, Symbol as TypeScriptSymbol, Type } from 'typescript/unstable/sync';
import type { Node, Path, SourceFile } from 'typescript/unstable/ast';

import { packageName } from './package-name.ts';
import { isKeyword, moduleOf, questionsIn, regionAround } from './questions.ts';
import { remembering } from './remembering.ts';
import { is, ObjectFlags, SymbolFlags, SyntaxKind } from './typescript.ts';

/** A project in both versions: `parsedCommandLine` is 7.1. */
export type OpenProject = Project & {
  readonly parsedCommandLine?: { readonly options: Options; readonly fileNames: string[] };
};
type Options = Project['compilerOptions'];

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

  /** Asks at once what will be asked about the names and types around a node. */
  foreseeAround(node: Node): void {
    const region = regionAround(node);
    if (this.#foreseen.has(region)) return;
    this.#foreseen.add(region);
    const { names, types, properties } = questionsIn(region);
    this.symbolsAt(names);
    this.checker.getTypeAtLocation(types);
    this.foresee(this.symbolsAt(properties).filter((symbol) => symbol !== undefined));
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
    if (!isKeyword(kind)) return this.checker.getTypeAtLocation(node);
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
