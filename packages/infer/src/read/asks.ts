import { is, type MethodDeclaration, type Node } from '../compiler/typescript.ts';
import { holds } from './holds.ts';

/** What of a context asks the user or the client. */
const QUESTIONS: readonly string[] = ['elicit', 'sample', 'roots'];

/**
 * Whether the method asks by its context: `context.elicit(…)`, or `{ elicit }` in its place. A method that passes the
 * context on says by itself that it asks.
 * @param index - Of the context among the parameters, `this` left out
 */
export function asks({ parameters, body }: MethodDeclaration, index: number): boolean {
  const named = parameters.filter(({ name }) => !is.isIdentifier(name) || name.text !== 'this');
  const context = named[index]?.name;
  if (!context || !body) return false;
  if (!is.isIdentifier(context)) return mentions(context);
  return holds(
    body,
    (node) =>
      is.isPropertyAccessExpression(node) &&
      is.isIdentifier(node.expression) &&
      node.expression.text === context.text &&
      QUESTIONS.includes(node.name.text),
  );
}

/** Whether a pattern takes a question out of the context. */
function mentions(pattern: Node): boolean {
  return holds(pattern, (node) => is.isIdentifier(node) && QUESTIONS.includes(node.text));
}
