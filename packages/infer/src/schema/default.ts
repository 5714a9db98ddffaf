import { z } from 'zod';

import type { Place, SchemaBuilder } from './builder.ts';
import type { JsonSchema } from './json-schema.ts';

/** Refuses a default that the schema, and so the server, would not accept from a client. */
export function checkDefault(builder: SchemaBuilder, schema: JsonSchema, value: unknown, place: Place): void {
  if (builder.problems.errors > 0) return;
  const { default: _, ...plain } = builder.document(schema);
  const result = z.fromJSONSchema(plain).safeParse(value);
  if (result.success) return;
  const [issue] = result.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  const what = `the default ${JSON.stringify(value)} breaks its own type${where}: ${issue?.message}`;
  builder.problems.error('MRT1022', place.at, place.path, what, 'change the default or the constraint');
}
