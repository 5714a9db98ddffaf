import { estimateTokenCount } from 'tokenx';

/** What a definition costs a model, in tokens: an estimate, within about a tenth of OpenAI's o200k encoding. */
export function tokensOf(definition: object): number {
  return estimateTokenCount(JSON.stringify(definition));
}
