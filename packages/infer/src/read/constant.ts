import type { Program } from '../compiler/program.ts';
import { is, SyntaxKind, type Expression, type Node } from '../compiler/typescript.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * The JSON value that an expression always has, or undefined where it is computed when it runs: `10 * 50`,
 * `Tier.Pro`, `DEFAULTS.limit` of an `as const` object, `['a', 'b']`.
 */
export function constantOf(program: Program, expression: Node, depth = 0): Json | undefined {
  const inner = (node: Node): Json | undefined => constantOf(program, node, depth + 1);
  if (depth > 20) return undefined;
  if (is.isStringLiteral(expression) || is.isNoSubstitutionTemplateLiteral(expression)) return expression.text;
  if (is.isNumericLiteral(expression)) return Number(expression.text);
  if (expression.kind === SyntaxKind.TrueKeyword) return true;
  if (expression.kind === SyntaxKind.FalseKeyword) return false;
  if (expression.kind === SyntaxKind.NullKeyword) return null;
  if (isWrapped(expression)) return inner(expression.expression);
  if (is.isPrefixUnaryExpression(expression)) return unary(expression.operator, inner(expression.operand));
  if (is.isBinaryExpression(expression)) {
    return binary(expression.operatorToken.kind, inner(expression.left), inner(expression.right));
  }
  if (is.isTemplateExpression(expression)) {
    const parts = expression.templateSpans.map((span) => [inner(span.expression), span.literal.text] as const);
    if (parts.some(([value]) => value === undefined || typeof value === 'object')) return undefined;
    return expression.head.text + parts.map(([value, text]) => `${value as string}${text}`).join('');
  }
  if (is.isArrayLiteralExpression(expression)) return all(expression.elements.map(inner));
  if (is.isObjectLiteralExpression(expression)) return object(expression.properties, inner);
  return reference(program, expression, depth);
}

/** Names: enum members, `const` variables, and what they hold as long as nobody can change it. */
function reference(program: Program, expression: Node, depth: number): Json | undefined {
  if (is.isPropertyAccessExpression(expression) || is.isElementAccessExpression(expression)) {
    const key = is.isPropertyAccessExpression(expression)
      ? expression.name.text
      : constantOf(program, expression.argumentExpression, depth + 1);
    if (isFrozen(program, expression.expression)) {
      const held = constantOf(program, expression.expression, depth + 1);
      if (typeof held !== 'object' || held === null || (typeof key !== 'string' && typeof key !== 'number'))
        return undefined;
      return (held as Record<string, Json>)[key];
    }
  }
  const name = is.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!is.isIdentifier(name)) return undefined;
  const declaration = program.declarationOf(program.symbolAt(name));
  if (!declaration) return undefined;
  if (is.isEnumMember(declaration)) return program.checker.getConstantValue(declaration);
  const constant = is.isVariableDeclaration(declaration)
    ? /^const\b/.test(declaration.parent.getText())
    : is.isPropertyDeclaration(declaration) && isStaticReadonly(declaration);
  const { initializer } = declaration as { initializer?: Expression };
  return constant && initializer ? constantOf(program, initializer, depth + 1) : undefined;
}

/** Whether an expression names a `const` that holds a literal `as const`, or a member of one. */
function isFrozen(program: Program, expression: Node): boolean {
  if (is.isPropertyAccessExpression(expression) || is.isElementAccessExpression(expression)) {
    return isFrozen(program, expression.expression);
  }
  const declaration = is.isIdentifier(expression) ? program.declarationOf(program.symbolAt(expression)) : undefined;
  if (!declaration || !is.isVariableDeclaration(declaration)) return false;
  const { initializer } = declaration;
  return (
    !!initializer &&
    /\bas const\b|Object\.freeze\(/.test(initializer.getText().slice(-30) + initializer.getText().slice(0, 15))
  );
}

function isStaticReadonly(declaration: Node & { modifiers?: readonly Node[] }): boolean {
  const words = (declaration.modifiers ?? []).map((modifier) => modifier.getText());
  return words.includes('static') && words.includes('readonly');
}

function isWrapped(node: Node): node is Node & { readonly expression: Expression } {
  return (
    is.isAsExpression(node) ||
    is.isSatisfiesExpression(node) ||
    is.isParenthesizedExpression(node) ||
    is.isNonNullExpression(node)
  );
}

function unary(operator: SyntaxKind, value: Json | undefined): Json | undefined {
  if (value === undefined) return undefined;
  if (operator === SyntaxKind.ExclamationToken) return !value;
  if (typeof value !== 'number') return undefined;
  if (operator === SyntaxKind.MinusToken) return -value;
  if (operator === SyntaxKind.PlusToken) return value;
  return operator === SyntaxKind.TildeToken ? ~value : undefined;
}

function binary(operator: SyntaxKind, left: Json | undefined, right: Json | undefined): Json | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === SyntaxKind.PlusToken && (typeof left === 'string' || typeof right === 'string')) {
    return typeof left === 'object' || typeof right === 'object' ? undefined : `${left}${right}`;
  }
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  return arithmetic[operator]?.(left, right);
}

const arithmetic: { readonly [operator in SyntaxKind]?: (left: number, right: number) => number } = {
  [SyntaxKind.PlusToken]: (left, right) => left + right,
  [SyntaxKind.MinusToken]: (left, right) => left - right,
  [SyntaxKind.AsteriskToken]: (left, right) => left * right,
  [SyntaxKind.SlashToken]: (left, right) => left / right,
  [SyntaxKind.PercentToken]: (left, right) => left % right,
  [SyntaxKind.AsteriskAsteriskToken]: (left, right) => left ** right,
};

function all(values: readonly (Json | undefined)[]): Json[] | undefined {
  return values.some((value) => value === undefined) ? undefined : (values as Json[]);
}

function object(properties: readonly Node[], inner: (node: Node) => Json | undefined): Json | undefined {
  const result: Record<string, Json> = {};
  for (const property of properties) {
    if (is.isSpreadAssignment(property)) {
      const spread = inner(property.expression);
      if (typeof spread !== 'object' || spread === null) return undefined;
      Object.assign(result, spread);
      continue;
    }
    const shorthand = is.isShorthandPropertyAssignment(property);
    if (!shorthand && !is.isPropertyAssignment(property)) return undefined;
    const value = inner(shorthand ? property.name : property.initializer);
    const name = nameText(property.name);
    if (value === undefined || name === undefined) return undefined;
    result[name] = value;
  }
  return result;
}

/** The name of a property or method, where it is no expression. */
export function nameText(name: Node): string | undefined {
  if (is.isIdentifier(name) || is.isStringLiteral(name) || is.isNumericLiteral(name)) return name.text;
  return is.isComputedPropertyName(name) && !is.isIdentifier(name.expression) ? nameText(name.expression) : undefined;
}
