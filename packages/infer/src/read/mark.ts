import type { Program } from '../compiler/program.ts';
import { is, type Decorator, type Expression, type Node, type TypeScriptSymbol } from '../compiler/typescript.ts';
import { constantOf, nameText } from './constant.ts';

export type Kind = 'tool' | 'prompt' | 'resource';

/** One of the toolkit's decorators on a member of a class. */
export interface Mark {
  readonly kind: Kind;
  readonly at: Node;
  readonly arguments: readonly Expression[];
}

const toolkit = '@mortise/toolkit';
const kinds: ReadonlySet<string> = new Set(['tool', 'prompt', 'resource'] satisfies Kind[]);

/** The toolkit's decorators on a member; every other decorator is none of our business. */
export function marksOn(program: Program, member: Node): Mark[] {
  const { modifiers = [] } = member as { modifiers?: readonly Node[] };
  return modifiers.flatMap((modifier) => (is.isDecorator(modifier) ? markOf(program, modifier) : []));
}

function markOf(program: Program, decorator: Decorator): Mark[] {
  const { expression } = decorator;
  const call = is.isCallExpression(expression) ? expression : undefined;
  const callee = call?.expression ?? expression;
  const symbol = program.symbolAt(is.isPropertyAccessExpression(callee) ? callee.name : callee);
  if (!symbol || !kinds.has(symbol.name) || program.packageOf(symbol) !== toolkit) return [];
  return [{ kind: symbol.name as Kind, at: decorator, arguments: call ? [...call.arguments] : [] }];
}

/** Whether the decorator's options have the property, such as `input`. */
export function hasOption(mark: Mark, name: string): boolean {
  const options = mark.arguments.at(-1);
  if (!options || !is.isObjectLiteralExpression(options)) return false;
  return options.properties.some((property) => {
    const key = (property as { name?: Node }).name;
    return !!key && is.isIdentifier(key) && key.text === name;
  });
}

/** The options that are constants, such as `{ title: 'Search', readOnly: true }` or those of `{ ...reading }`. */
export function constantOptions(program: Program, mark: Mark): Record<string, unknown> {
  const options = mark.arguments.at(-1);
  if (!options || !is.isObjectLiteralExpression(options)) return {};
  const entries = options.properties.flatMap((property): readonly (readonly [string, unknown])[] => {
    if (is.isSpreadAssignment(property)) return Object.entries(constantOf(program, property.expression) ?? {});
    const value = is.isPropertyAssignment(property) ? constantOf(program, property.initializer) : undefined;
    const name = value === undefined ? undefined : nameText((property as { name: Node }).name);
    return name === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The toolkit's `Context`, under whatever name it was imported. */
export function isContext(program: Program, symbol: TypeScriptSymbol | undefined): boolean {
  return symbol?.name === 'Context' && program.packageOf(symbol) === toolkit;
}

/** A result that is content already: the toolkit's `ToolResult` or the SDK's `CallToolResult`. */
export function isContentResult(program: Program, symbol: TypeScriptSymbol | undefined): boolean {
  if (symbol?.name !== 'ToolResult' && symbol?.name !== 'CallToolResult') return false;
  const owner = program.packageOf(symbol);
  return owner === toolkit || owner.startsWith('@modelcontextprotocol/');
}
