/** What a reader does not see and a model does: format, variation and private-use characters, tags among them. */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cn}\p{Variation_Selector}]/gu;

/** Ends of lines other than a line feed, and every other control character. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** `<` where it could begin a tag or the mark of a model's template, also in its full-width form. */
const TAG = /[<\uFF1C\uFE64](?=\s*[/!|?\p{L}])/gu;

/**
 * A text of a row as it may stand in an answer: nothing in it is invisible, turns the direction of writing or looks like
 * the end of a mark. Line feeds stay; everything else that is kept is kept as it is.
 */
export function plainRowText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(UNSEEN, '')
    .replaceAll(CONTROL, (character) => (character === '\n' ? character : ' '))
    .replaceAll(TAG, '‹');
}
