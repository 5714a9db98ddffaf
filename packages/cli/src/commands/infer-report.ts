import path from 'node:path';
import type { Entry, InferResult } from '@mortise/infer';

import { tokensOf as tokensOfDefinition } from '../tokens.ts';

const kinds = ['tools', 'prompts', 'resources'] as const;

/**
 * What `mortise infer --json` prints: the file that other programs pin and `mortise diff` reads. Tokens are an
 * estimate, within about a tenth of OpenAI's o200k encoding for tool definitions.
 */
export function reportOf({ outcome, file, classes, diagnostics }: InferResult, directory: string): object {
  const offered = classes.map(({ name, file: source, surface, options }) => ({
    name,
    file: path.relative(directory, source),
    ...Object.fromEntries(
      kinds.flatMap((kind) => {
        const entries = surface[kind]?.map((entry) => ({
          ...entry,
          options: options[entry.method],
          tokens: tokensOf(entry),
        }));
        return entries ? [[kind, entries] as const] : [];
      }),
    ),
  }));
  const tokens = classes.flatMap(({ surface }) => kinds.flatMap((kind) => (surface[kind] ?? []).map(tokensOf)));
  return {
    outcome,
    file: path.relative(directory, file),
    tokens: tokens.reduce((sum, each) => sum + each, 0),
    classes: offered,
    diagnostics: diagnostics.map((each) => ({ ...each, file: path.relative(directory, each.file) })),
  };
}

/** What a client puts before a model: the name, the description and the schemas. */
function tokensOf({ method: name, description, uri, input, output }: Entry): number {
  return tokensOfDefinition({ name, description, uri, inputSchema: input, outputSchema: output });
}
