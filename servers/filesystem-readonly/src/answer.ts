/** One part of an answer, in the form of the protocol's content blocks. */
export type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'audio'; readonly data: string; readonly mimeType: string }
  | { readonly type: 'resource_link'; readonly uri: string; readonly name: string; readonly size?: number };

/** What a tool answers. Notes about what was left out stand in a block of their own, in square brackets. */
export interface Answer {
  readonly content: readonly Content[];
}

/** No answer has more UTF-8 bytes of text than this by itself. */
export const TEXT_BUDGET = 100_000;

/** An answer of one text and, where there is something to say, notes. */
export function textAnswer(text: string, notes: readonly string[] = []): Answer {
  const blocks = [text, notes.map((note) => `[${note}]`).join('\n')].filter((each) => each !== '');
  return { content: blocks.map((each) => ({ type: 'text', text: each })) };
}

/** As many of these lines from the beginning as the budget of an answer allows; always one. */
export function fitting(lines: readonly string[], budget: number = TEXT_BUDGET): string[] {
  let bytes = 0;
  const end = lines.findIndex((line) => (bytes += Buffer.byteLength(line) + 1) > budget);
  return end === -1 ? [...lines] : lines.slice(0, Math.max(end, 1));
}

/** `1 file`, `1,240 files`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? singular : plural}`;
}
