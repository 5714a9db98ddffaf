import type { Context, RequestedSchema } from '../context/context.ts';
import type { ToolOptions } from '../define/definitions.ts';
import { ToolError } from '../define/errors.ts';
import { oneLine } from '../serve/report.ts';
import type { Values } from '../surface/definition.ts';

type Confirm = NonNullable<ToolOptions['confirm']>;

/** The form of a question that is answered by accepting it. */
const NOTHING: RequestedSchema = { type: 'object', properties: {} };

/** What one argument may take of the question, in characters. */
const LONGEST_VALUE = 200;

const PLACEHOLDER = /\{([^{}]+)\}/g;

/**
 * Asks the user the `confirm` of a tool; the method runs only after a yes.
 * @throws ToolError DECLINED when the user says no or closes the question
 */
export async function confirmCall(confirm: Confirm, values: Values, context: Context): Promise<void> {
  const question = typeof confirm === 'string' ? filled(confirm, values) : confirm(values as never);
  const { action } = await context.elicit(question, NOTHING);
  if (action === 'accept') return;
  throw new ToolError(`The user ${action === 'decline' ? 'declined' : 'closed the question without an answer'}.`, {
    code: 'DECLINED',
    hint: 'Nothing was done. Do not repeat the call unless the user asks for it.',
  });
}

/** The arguments that a text names in braces. */
export function placeholders(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name as string);
}

function filled(text: string, values: Values): string {
  return text.replaceAll(PLACEHOLDER, (_, name: string) => shown(values[name]));
}

/** A value that came from a model: it can neither start a new line nor push the question out of sight. */
function shown(value: unknown): string {
  const text = oneLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? '(none)'));
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
