import type { Place, SchemaBuilder } from '../schema/builder.ts';
import { headerKeyword } from '../schema/constraints.ts';
import type { JsonSchema } from '../schema/json-schema.ts';

/**
 * Arguments that a client repeats as an HTTP header (specification 2026-07-28, `x-mcp-header`): a proxy can then route
 * a call without reading its body. The client has to find them, so each is reached through named properties alone, and
 * no two have one name.
 */
export function checkHeaders(builder: SchemaBuilder, input: JsonSchema, place: Place): void {
  const names = new Map<string, string>();
  const walk = (schema: unknown, path: string, isReachable: boolean): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { properties, ...others } = schema as JsonSchema;
    const name = others[headerKeyword];
    if (typeof name === 'string') {
      const other = names.get(name.toLowerCase());
      names.set(name.toLowerCase(), path);
      if (!isReachable) {
        const fix = 'put it on an argument of its own';
        builder.problems.error(
          'MRT1090',
          place.at,
          path,
          `the client cannot find what the header ${name} repeats`,
          fix,
        );
      } else if (other !== undefined) {
        const what = `${other} is repeated in the header ${name} too`;
        builder.problems.error('MRT1091', place.at, path, what, 'give each its own name');
      }
    }
    for (const [key, property] of Object.entries(properties ?? {}))
      walk(property, path ? `${path}.${key}` : key, isReachable);
    for (const other of Object.values(others)) walk(other, path, false);
  };
  walk(input, '', true);
}
