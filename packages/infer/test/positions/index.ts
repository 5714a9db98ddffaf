import { defaults } from './defaults.ts';
import { others } from './others.ts';
import { parameters } from './parameters.ts';
import type { Position } from './position.ts';
import { results } from './results.ts';

export type { Position } from './position.ts';

export const sections: Readonly<Record<string, readonly Position[]>> = {
  Parameters: parameters,
  Defaults: defaults,
  Results: results,
  'Prompts, resources, comments and inheritance': others,
};
