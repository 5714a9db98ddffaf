import type { Code } from '../codes.ts';
import type { Program } from '../compiler/program.ts';
import { SymbolFlags, TypeFlags, type Node, type Type, type TypeScriptSymbol } from '../compiler/typescript.ts';
import type { Problems } from '../diagnostics.ts';
import { documentationOfSymbol } from './comments.ts';
import { constrained, headerKeyword, isMisuse, keywordsOf, type Misuse } from './constraints.ts';
import { checkDefault } from './default.ts';
import { intersectionSchema } from './intersection.ts';
import { described, type JsonSchema } from './json-schema.ts';
import { literalOf } from './literal.ts';
import { objectSchema } from './object.ts';
import { templateSchema } from './template.ts';
import type { Documentation, Tag } from './tsdoc.ts';
import { unionSchema } from './union.ts';
import { namedBy, type Written } from './written.ts';

/** Where a type stands. */
export interface Place {
  /** Within the arguments or the result, as an author would write it: `filter.tiers[]`. */
  readonly path: string;
  /** What to point at when it is wrong. */
  readonly at: Node;
  readonly written: Written;
}

/** `input`: what a client may send. `output`: what a method gives back. */
export type Direction = 'input' | 'output';

const deepest = 40;

/** Builds one JSON Schema document out of types. Everything is inlined; only what contains itself becomes a `$defs`. */
export class SchemaBuilder {
  readonly program: Program;
  readonly direction: Direction;
  readonly problems: Problems;
  /** The types that are being built right now, outermost first. */
  readonly #open: Type[] = [];
  /** A type that never ends was found; what else is in it would be found again and again. */
  #isEndless = false;
  readonly #definitions = new Map<number, { readonly name: string; schema?: JsonSchema }>();

  constructor(program: Program, direction: Direction, problems: Problems) {
    this.program = program;
    this.direction = direction;
    this.problems = problems;
  }

  /** The schema of a type, with the description and constraints of the name that the author gave it. */
  schemaOf(type: Type, place: Place): JsonSchema {
    const schema = this.#bare(type, place);
    return '$ref' in schema ? schema : this.#named(schema, type, place);
  }

  /** Closes the document: adds the definitions, and puts a root that refers to one of them in its place. */
  document(root: JsonSchema): JsonSchema {
    const definitions = [...this.#definitions.values()];
    const own = definitions.find(({ name }) => root['$ref'] === `#/$defs/${name}`);
    if (own) root = { ...own.schema, ...described({}, (root['description'] as string) ?? '') };
    return definitions.length > 0
      ? { ...root, $defs: Object.fromEntries(definitions.map(({ name, schema }) => [name, schema])) }
      : root;
  }

  /** The names of the types that contain themselves. */
  definitions(): readonly JsonSchema[] {
    return [...this.#definitions.values()].map(({ schema }) => schema ?? {});
  }

  /** Adds what a comment says about a property or parameter. */
  documented(schema: JsonSchema, documentation: Pick<Documentation, 'text' | 'tags'>, place: Place): JsonSchema {
    const deprecation = documentation.tags.find(({ name }) => name === 'deprecated');
    const note = deprecation && `Deprecated${deprecation.text && `: ${deprecation.text}`}`;
    const text = [documentation.text, note].filter(Boolean).join('\n');
    const tagged = this.tagged(text ? described(schema, text) : schema, documentation.tags, place);
    return deprecation ? { ...tagged, deprecated: true } : tagged;
  }

  /** Applies the constraint tags among `tags`; every other tag is left to other readers. */
  tagged(schema: JsonSchema, tags: readonly Tag[], place: Place): JsonSchema {
    // what the type is decides what applies to it
    const result = tags
      .toSorted((a, b) => isType(b) - isType(a))
      .reduce((before, tag) => {
        const keywords = keywordsOf(tag);
        // only what a client sends can be repeated in a header
        if (!keywords || (this.direction === 'output' && headerKeyword in keywords)) return before;
        const applied = isMisuse(keywords) ? keywords : constrained(before, keywords, `@${tag.name}`);
        return isMisuse(applied) ? this.misuse(applied, place, before) : applied;
      }, schema);
    if ('default' in result && !('default' in schema)) checkDefault(this, result, result['default'], place);
    return result;
  }

  misuse({ code, what, fix }: Misuse, place: Place, otherwise: JsonSchema = {}): JsonSchema {
    this.problems.error(code, place.at, place.path, what, fix);
    return otherwise;
  }

  refuse(code: Code, place: Place, what: string, fix: string): JsonSchema {
    this.problems.error(code, place.at, place.path, what, fix);
    return {};
  }

  print(type: Type): string {
    return this.program.checker.typeToString(type);
  }

  #bare(type: Type, place: Place): JsonSchema {
    const { flags } = type;
    const print = (): string => `\`${this.print(type)}\``;
    if (type.isErrorType()) {
      return this.refuse('MRT1030', place, 'the type does not resolve', 'mend what `tsc` reports there first');
    }
    if (flags & TypeFlags.Any) {
      return this.refuse(
        'MRT1031',
        place,
        '`any` has no schema',
        'write the real type, or `unknown` where any JSON value will do',
      );
    }
    if (flags & TypeFlags.Unknown) return {};
    if (flags & TypeFlags.Never) {
      return this.refuse('MRT1033', place, '`never` has no value', 'remove it, or write the type that is meant');
    }
    const value = literalOf(this.program.checker, type);
    if (value !== undefined) return { type: typeof value, const: value };
    if (flags & TypeFlags.String) return { type: 'string' };
    if (flags & TypeFlags.Number) return { type: 'number' };
    if (flags & TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & TypeFlags.Null) return { type: 'null' };
    if (flags & TypeFlags.BigIntLike) {
      return this.refuse(
        'MRT1032',
        place,
        `${print()} has no JSON form`,
        'use `string` (exact) or `number` (exact up to 2^53)',
      );
    }
    if (flags & TypeFlags.ESSymbolLike) {
      return this.refuse('MRT1032', place, `${print()} has no JSON form`, 'use a string literal');
    }
    if (flags & (TypeFlags.Undefined | TypeFlags.Void)) {
      return this.refuse('MRT1033', place, `${print()} has no JSON form`, 'make it optional with `?`, or use `null`');
    }
    if (flags & TypeFlags.TemplateLiteral) return templateSchema(this, type, place);
    if (flags & TypeFlags.StringMapping) {
      return this.refuse('MRT1032', place, `${print()} cannot be checked`, 'use `string` with `Pattern<…>`');
    }
    if (flags & TypeFlags.Union) return this.#once(type, place, () => unionSchema(this, type, place));
    if (flags & TypeFlags.Intersection) return this.#once(type, place, () => intersectionSchema(this, type, place));
    if (flags & TypeFlags.NonPrimitive) return { type: 'object' };
    if (flags & TypeFlags.Object) return this.#once(type, place, () => objectSchema(this, type, place));
    return this.refuse('MRT1035', place, `${print()} is not known when it is called`, 'give it a concrete type');
  }

  /** A type that is met again inside itself becomes a reference. */
  #once(type: Type, place: Place, build: () => JsonSchema): JsonSchema {
    const known = this.#definitions.get(type.id);
    if (known) return { $ref: `#/$defs/${known.name}` };
    if (this.#open.some(({ id }) => id === type.id)) {
      const name = this.#definitionName(type);
      this.#definitions.set(type.id, { name });
      return { $ref: `#/$defs/${name}` };
    }
    if (this.#isEndless) return {};
    if (this.#open.length >= deepest) {
      this.#isEndless = true;
      return this.refuse(
        'MRT1036',
        place,
        `the type nests deeper than ${deepest} levels`,
        'end the recursion with a concrete type',
      );
    }
    this.#open.push(type);
    try {
      const schema = build();
      const definition = this.#definitions.get(type.id);
      if (!definition) return schema;
      definition.schema = this.#named(schema, type, place);
      return { $ref: `#/$defs/${definition.name}` };
    } finally {
      this.#open.pop();
    }
  }

  #definitionName(type: Type): string {
    const symbol = type.getAliasSymbol() ?? type.getSymbol();
    const base = symbol && !symbol.name.startsWith('__') ? symbol.name.replaceAll(/\W/g, '') : 'Value';
    const taken = new Set([...this.#definitions.values()].map(({ name }) => name));
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base}${count}`;
    return name;
  }

  /** What is written about the name of the type: first the name that stands here, then the one of the type itself. */
  #named(schema: JsonSchema, type: Type, place: Place): JsonSchema {
    const own = [type.getAliasSymbol(), type.getSymbol()];
    for (const symbol of [...namedBy(this.program, place.written[0]), ...own]) {
      if (!symbol || symbol.flags & SymbolFlags.TypeParameter || this.#isForeign(symbol)) continue;
      const { text, tags } = documentationOfSymbol(this.program, symbol);
      if (text || tags.length > 0) return this.documented(schema, { text, tags }, place);
    }
    return 'description' in schema ? schema : described(schema, '');
  }

  /** The comments of `Int`, `Partial` and Kysely's `ColumnType` are about types, not about the value. */
  #isForeign(symbol: TypeScriptSymbol): boolean {
    if (this.program.inDefaultLibrary(symbol) || this.program.packageOf(symbol) === '@mortise/toolkit') return true;
    const declaration = this.program.declarationOf(symbol);
    const isGeneric = !!declaration && !!(declaration as { typeParameters?: unknown }).typeParameters;
    return isGeneric && !this.program.isAuthored(declaration.getSourceFile().path);
  }
}

function isType({ name }: Tag): number {
  return Number(name === 'asType' || name === 'integer');
}
