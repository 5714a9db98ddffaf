import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { z } from 'zod';

import type { JsonSchema } from '../src/index.ts';

/** Whether a value is accepted. */
export type Validator = (value: unknown) => boolean;

/** By Ajv, which judges, and by the validator that the toolkit runs. */
export function validatorsOf(schema: JsonSchema): readonly [ajv: Validator, runtime: Validator] {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false, formats: fullFormats });
  const runtime = z.fromJSONSchema(schema);
  return [ajv.compile(schema), (value) => runtime.safeParse(value).success];
}
