import type { Program } from '../compiler/program.ts';
import { is, type ClassDeclaration, type Node, type Type } from '../compiler/typescript.ts';
import { Problems, type Diagnostic } from '../diagnostics.ts';
import { inheritedDocumentation } from '../schema/comments.ts';
import type { Entry, SurfaceClass } from '../surface.ts';
import { nameText } from './constant.ts';
import { constantOptions, marksOn, type Kind, type Mark } from './mark.ts';
import { entryOf } from './method.ts';
import { typesOf } from './signature.ts';

/** What was read from one class. */
export interface ReadClass {
  /** Undefined when something about it is refused. */
  readonly surface?: SurfaceClass;
  readonly diagnostics: readonly Diagnostic[];
  /** The members that are marked. */
  readonly members: readonly MarkedMember[];
}

/** A marked member, refused or not. */
export interface MarkedMember {
  readonly kind: Kind;
  readonly name: string;
  readonly owner: string;
  readonly declaration: Node;
  /** The type arguments that inheriting classes give. */
  readonly around: readonly Node[];
}

/** A member with the toolkit's marks. */
interface Candidate {
  readonly member: Node;
  readonly marks: readonly Mark[];
  readonly around: readonly Node[];
}

/** Reads a class and what it inherits; undefined when nothing in it is marked, or it is abstract. */
export function readClass(program: Program, declaration: ClassDeclaration, strict: boolean): ReadClass | undefined {
  program.foreseeAround(declaration);
  const words = wordsOf(declaration);
  const candidates = words.includes('abstract') ? [] : [...candidatesOf(program, declaration).values()];
  const [first] = candidates.flatMap(({ marks }) => marks);
  if (!first) return undefined;
  const symbol = declaration.name && program.checker.getSymbolAtLocation(declaration.name);
  const name = declaration.name?.text ?? 'class';
  const own = new Problems(`class ${name}`, strict);
  if (!symbol || !isExported(declaration, words)) {
    own.error('MRT1010', declaration.name ?? first.at, '', 'the surface file cannot import it', `export class ${name}`);
    return { diagnostics: own.diagnostics(), members: [] };
  }
  if (declaration.typeParameters) {
    const fix = 'let a class with concrete types extend it, and make this one abstract';
    own.error('MRT1013', declaration.name ?? first.at, '', 'the class is generic', fix);
    return { diagnostics: own.diagnostics(), members: [] };
  }
  const type = program.checker.getDeclaredTypeOfSymbol(symbol);
  const entries: Record<Kind, Entry[]> = { tool: [], prompt: [], resource: [] };
  const diagnostics: Diagnostic[] = [];
  for (const candidate of candidates) {
    const kind = (candidate.marks[0] as Mark).kind;
    const problems = new Problems(`${kind} ${name}.${nameOf(candidate.member)}`, strict);
    const entry = readMember(program, type, candidate, problems);
    if (entry) entries[kind].push(entry);
    diagnostics.push(...problems.diagnostics());
  }
  const members = candidates.map(({ member, marks: [mark], around }) => {
    return { kind: (mark as Mark).kind, name: nameOf(member), owner: name, declaration: member, around };
  });
  const surface: SurfaceClass = {
    name,
    isDefault: words.includes('default'),
    file: declaration.getSourceFile().fileName,
    options: Object.fromEntries(
      candidates.map(({ member, marks: [mark] }) => [nameOf(member), constantOptions(program, mark as Mark)]),
    ),
    surface: {
      ...(entries.tool.length > 0 && { tools: entries.tool }),
      ...(entries.prompt.length > 0 && { prompts: entries.prompt }),
      ...(entries.resource.length > 0 && { resources: entries.resource }),
    },
  };
  return { surface, diagnostics, members };
}

/** The marked members by name. An override without a mark hides the one it overrides, as it does when it runs. */
function candidatesOf(program: Program, declaration: ClassDeclaration): Map<string, Candidate> {
  const found = new Map<string, Candidate>();
  const extended = declaration.heritageClauses?.find((clause) => clause.getText().startsWith('extends'))?.types[0];
  const base = extended && program.declarationOf(program.symbolAt(extended.expression));
  if (base && is.isClassDeclaration(base)) {
    for (const [name, candidate] of candidatesOf(program, base)) {
      found.set(name, { ...candidate, around: [...candidate.around, ...(extended.typeArguments ?? [])] });
    }
  }
  for (const member of declaration.members) {
    const name = nameOf(member);
    const marks = marksOn(program, member);
    if (marks.length > 0) found.set(name, { member, marks, around: [] });
    else if (!wordsOf(member).includes('static')) found.delete(name);
  }
  return found;
}

function readMember(
  program: Program,
  owner: Type,
  { member, marks, around }: Candidate,
  problems: Problems,
): Entry | undefined {
  const [mark, another] = marks as readonly [Mark, Mark?];
  const at = (member as { name?: Node }).name ?? member;
  if (another) {
    problems.error(
      'MRT1016',
      another.at,
      '',
      'the method has two marks',
      'keep one, and write another method for the other',
    );
    return undefined;
  }
  const words = wordsOf(member);
  const hidden = words.find((word) => word === 'static' || word === 'private' || word === 'protected');
  if (!is.isMethodDeclaration(member) || hidden || is.isPrivateIdentifier(member.name)) {
    const what = hidden ? `it is ${hidden}` : 'it is no public method';
    problems.error(
      'MRT1011',
      at,
      '',
      `${what}, and cannot be called from outside`,
      `put @${mark.kind}() on a public method`,
    );
    return undefined;
  }
  const name = nameText(member.name) ?? '';
  if (!/^[\w-]{1,64}$/.test(name)) {
    problems.error('MRT1014', at, '', 'clients do not accept the name', 'use 1 to 64 letters, digits, _ and -');
    return undefined;
  }
  if (member.typeParameters) {
    problems.error(
      'MRT1013',
      at,
      '',
      'the method is generic, and JSON has no type arguments',
      'give it concrete types',
    );
    return undefined;
  }
  const types = typesOf(program, owner, member, name);
  if (!types) {
    const fix = 'keep one signature, with optional parameters or unions';
    problems.error('MRT1012', at, '', 'the method is overloaded', fix);
    return undefined;
  }
  const documentation = inheritedDocumentation(program, member);
  return entryOf(program, { name, mark, declaration: member, types, documentation, around }, problems);
}

/** `export class`, or a name in an `export { … }` of the same file. */
function isExported(declaration: ClassDeclaration, words: readonly string[]): boolean {
  if (words.includes('export')) return true;
  return declaration.getSourceFile().statements.some((statement) => {
    const clause = is.isExportDeclaration(statement) && !statement.moduleSpecifier ? statement.exportClause : undefined;
    return (
      !!clause &&
      is.isNamedExports(clause) &&
      clause.elements.some(({ name, propertyName }) => !propertyName && name.text === declaration.name?.text)
    );
  });
}

function nameOf(member: Node): string {
  const { name } = member as { name?: Node };
  return name ? (nameText(name) ?? name.getText()) : '';
}

function wordsOf(node: Node): string[] {
  const { modifiers = [] } = node as { modifiers?: readonly Node[] };
  return modifiers.filter((modifier) => !is.isDecorator(modifier)).map((modifier) => modifier.getText());
}
