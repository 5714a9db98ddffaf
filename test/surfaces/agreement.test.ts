// What a client is shown and what the server accepts are the same: for every schema of every surface in this
// repository, an independent validator and the one that the toolkit runs give the same verdict on any JSON value.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSurface, type JsonSchema } from '@mortise/infer';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { described } from './described.ts';
import { anything, mutated } from './mutated.ts';
import { spoiled } from './spoiled.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = globSync('{packages,servers,test}/*/src/surface.gen.ts', { cwd: root }).toSorted();

/** Left out, since JSON Schema's `integer` has no end, but the runtime refuses what does not arrive as it was sent. */
function isBeyondSafeIntegers(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isBeyondSafeIntegers);
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** The format `uri` is left out: Ajv reads it as RFC 3986 has it, the runtime as browsers do, who admit `s:{`. */
function withoutUriFormat(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === 'format' && value === 'uri' ? undefined : value,
  );
  return JSON.parse(text) as JsonSchema;
}

function schemasIn(file: string): readonly (readonly [name: string, schema: JsonSchema])[] {
  const classes = readSurface(readFileSync(path.join(root, file), 'utf8'));
  return classes.flatMap((surface) =>
    (['tools', 'prompts', 'resources'] as const).flatMap((kind) =>
      (surface[kind] ?? []).flatMap(({ method, input, output }) => [
        ...(input ? [[`input of ${method} in ${kind}`, input] as const] : []),
        ...(output ? [[`output of ${method} in ${kind}`, output] as const] : []),
      ]),
    ),
  );
}

it('finds the surfaces', () => {
  expect(files).toContain(path.join('servers', 'customer-db', 'src', 'surface.gen.ts'));
});

describe.each(files)('%s', (file) => {
  const schemas = schemasIn(file);

  it('has schemas', () => {
    expect(schemas.length).toBeGreaterThan(0);
  });

  it.each(schemas)('%s', (_name, whole) => {
    const schema = withoutUriFormat(whole);
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false, formats: fullFormats });
    const judge = ajv.compile(schema);
    const runtime = z.fromJSONSchema(schema);
    const right = described(schema);
    const faults = [...spoiled(schema)];
    const wrong = faults.length > 0 ? fc.oneof(...faults.map((fault) => described(fault))) : anything;
    const verdicts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(right, mutated(right), anything, wrong), (value) => {
        fc.pre(!isBeyondSafeIntegers(value));
        const accepted = judge(value);
        verdicts[accepted ? 'accepted' : 'refused'] += 1;
        expect({ value, accepted: runtime.safeParse(value).success }).toEqual({ value, accepted });
      }),
      { numRuns: 200 + 15 * faults.length },
    );
    // values that are all right, or all wrong, would prove nothing
    expect(verdicts.accepted).toBeGreaterThan(20);
    expect(verdicts.refused).toBeGreaterThan(20);
  });
});
