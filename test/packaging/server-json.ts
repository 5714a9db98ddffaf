import { z } from 'zod';

/**
 * What the MCP registry takes for a server.json, as its schema of 2025-12-11 says, of the parts that our servers use.
 * Stricter than that schema in two ways: a field that nobody knows, such as a misspelt one, is refused, and so is a
 * version that is not exact. The registry's own check runs before a release is published: .github/workflows/release.yml.
 */
const input = {
  description: z.string().min(1),
  format: z.enum(['string', 'number', 'boolean', 'filepath']).optional(),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  default: z.string().optional(),
  placeholder: z.string().optional(),
  choices: z.array(z.string()).min(1).optional(),
};
const version = z.string().regex(/^\d+\.\d+\.\d+(?:-[\da-z.-]+)?$/);

const argument = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('named'), name: z.string().startsWith('--'), ...input }),
  z.strictObject({
    type: z.literal('positional'),
    valueHint: z.string(),
    isRepeated: z.boolean().optional(),
    ...input,
  }),
]);

const npmPackage = z.strictObject({
  registryType: z.literal('npm'),
  identifier: z.string(),
  version,
  runtimeHint: z.literal('npx'),
  transport: z.strictObject({ type: z.literal('stdio') }),
  packageArguments: z.array(argument).optional(),
  environmentVariables: z.array(z.strictObject({ name: z.string().regex(/^[A-Z_]+$/), ...input })).optional(),
});

/** A server.json. */
export const serverJson = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .max(200)
    .regex(/^[\dA-Za-z.-]+\/[\w.-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version,
  repository: z.strictObject({ url: z.url(), source: z.literal('github'), subfolder: z.string() }),
  packages: z.array(npmPackage).min(1),
});
