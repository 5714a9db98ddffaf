import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';

/**
 * A schema given explicitly: any Standard Schema that can also describe itself as JSON Schema
 * (https://standardschema.dev/json-schema), such as zod 4.2 or later.
 */
export type Schema<Input = unknown, Output = Input> = StandardSchemaWithJSON<Input, Output>;

/** What a caller sends to, or a handler returns for, a schema. */
export type SchemaInput<S> = S extends Schema<infer Input, infer _> ? Input : never;

/** What the schema makes of it. */
export type SchemaOutput<S> = S extends Schema<infer _, infer Output> ? Output : never;
