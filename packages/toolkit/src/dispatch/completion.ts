import type { Context } from '../context/context.ts';
import type { Complete } from '../define/definitions.ts';
import { members } from '../surface/resolve.ts';
import type { JsonSchema } from '../surface/surface.ts';

/** The most values that one answer may hold (specification, server/utilities/completion). */
const LIMIT = 100;

/** What a client wants to have completed. */
export interface CompletionRequest {
  readonly argument: string;
  readonly typed: string;
  /** The arguments that are filled in already. */
  readonly filled: Readonly<Record<string, string>>;
}

/** Values for one argument that begin like what was typed: from the `complete` option, else from its literal union. */
export async function completionsFor(
  { argument, typed, filled }: CompletionRequest,
  input: JsonSchema,
  complete: { readonly [argument: string]: Complete | undefined } | undefined,
  context: Context,
): Promise<{ values: string[]; total: number; hasMore: boolean }> {
  const own = complete && Object.hasOwn(complete, argument) ? complete[argument] : undefined;
  const values = own
    ? await own(typed, context, filled)
    : literals(((input['properties'] ?? {}) as Record<string, JsonSchema>)[argument] ?? {}).filter((literal) =>
        literal.toLowerCase().startsWith(typed.toLowerCase()),
      );
  return { values: values.slice(0, LIMIT), total: values.length, hasMore: values.length > LIMIT };
}

function literals(schema: JsonSchema): string[] {
  return members(schema).flatMap((member) => {
    if (Array.isArray(member['enum'])) return member['enum'].map(String);
    if ('const' in member) return [String(member['const'])];
    return member['type'] === 'boolean' ? ['true', 'false'] : [];
  });
}
