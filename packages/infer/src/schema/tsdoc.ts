/** What a TSDoc comment says, as the model is to read it. */
export interface Documentation {
  /** Summary and remarks. */
  readonly text: string;
  /** `@param` texts by name, which may be a path such as `filter.tier`. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly returns: string;
  /** Every other block tag, in order: `minimum` with `1`. */
  readonly tags: readonly Tag[];
  /** The comment asks for the text of the member it overrides. */
  readonly inherits: boolean;
}

/** A block tag, or an inline tag in the text of a parameter. */
export interface Tag {
  readonly name: string;
  readonly text: string;
}

export const undocumented: Documentation = { text: '', parameters: new Map(), returns: '', tags: [], inherits: false };

/**
 * Reads a comment.
 * @param comment - With its slashes and stars
 */
export function parseDocumentation(comment: string): Documentation {
  const inherits = /\{@inheritDoc\b[^}]*\}/i.test(comment);
  const [summary, ...blocks] = splitBlocks(comment.replaceAll(/\{@inheritDoc\b[^}]*\}/gi, ''));
  const texts = [summary?.text ?? ''];
  const parameters = new Map<string, string>();
  const tags: Tag[] = [];
  let returns = '';
  for (const block of blocks) {
    if (block.name === 'remarks' || block.name === 'description') texts.push(block.text);
    else if (block.name === 'returns' || block.name === 'return') returns = withoutType(block.text);
    else if (block.name === 'param') {
      const [, name, text = ''] =
        /^\[?([\w$.]+)(?:\s*=[^\]]*)?\]?\s*(?:-\s*)?([\s\S]*)$/.exec(withoutType(block.text)) ?? [];
      if (name) parameters.set(name, text);
    } else tags.push(block);
  }
  return { text: plain(texts.filter(Boolean).join('\n\n')), parameters, returns: plain(returns), tags, inherits };
}

/** Takes the inline tags that are not links out of a text: `{@minimum 1}`. */
export function inlineTags(text: string): { readonly text: string; readonly tags: readonly Tag[] } {
  const tags: Tag[] = [];
  const rest = text.replaceAll(/\{@(?!link)(\w+)\s*((?:[^{}]|\{[^{}]*\})*)\}/g, (_, name: string, value: string) => {
    tags.push({ name, text: value.trim() });
    return '';
  });
  return { text: plain(rest.replaceAll(/[ \t]+([.,;]|$)/gm, '$1')), tags };
}

/** Plain prose: links by their text, wrapped lines joined, code fences and lists as they are. */
function plain(text: string): string {
  const linked = text
    .replaceAll(
      /\{@link(?:code|plain)?\s+([^}|]*?)\s*(?:\|\s*([^}]*?)\s*)?\}/g,
      (_, target: string, label?: string) =>
        label || (/^\w+:\/\/\S+\s/.test(target) ? target.replace(/^\S+\s+/, '') : target),
    )
    .replaceAll(/\{@(?:label|inheritDoc)[^}]*\}/gi, '');
  let fenced = false;
  const lines: string[] = [];
  for (const line of linked.split('\n')) {
    const fence = line.trimStart().startsWith('```');
    const own = fenced || fence || line.trim() === '' || /^\s*([-*+|>#]|\d+[.)])\s/.test(line);
    const before = lines.at(-1);
    if (own || before === undefined || before === '' || before.trimStart().startsWith('```')) {
      lines.push(fenced || fence ? line : line.trimEnd());
    } else lines[lines.length - 1] = `${before} ${line.trim()}`;
    if (fence) fenced = !fenced;
  }
  return lines.join('\n').trim();
}

function withoutType(text: string): string {
  return text.replace(/^\{[^@}][^}]*\}\s*/, '');
}

/** The tags that are read; they also count behind other text on their line, as they do to TypeScript. */
const known = `param returns return remarks description deprecated example examples internal hidden default defaultValue
  minimum maximum min max exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format title
  minItems maxItems uniqueItems integer asType mcpHeader privateRemarks throws see typeParam`.split(/\s+/);
const inLine = new RegExp(String.raw`\`[^\`]*\`|\{[^}]*\}|\s+(?=@(?:${known.join('|')})\b)`, 'g');

/** The summary, then each block tag with its text; a tag inside a code fence is code. */
function splitBlocks(comment: string): Tag[] {
  const lines = comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split(/\r?\n/)
    .flatMap((line) =>
      line
        .replace(/^\s*\*? ?/, '')
        .replaceAll(inLine, (found) => (found.trim() ? found : '\n'))
        .split('\n'),
    );
  const blocks: { name: string; lines: string[] }[] = [{ name: '', lines: [] }];
  let fenced = false;
  for (const line of lines) {
    const tag = fenced ? null : /^\s*@(\w+)\s?(.*)$/.exec(line);
    if (line.trimStart().startsWith('```')) fenced = !fenced;
    if (tag) blocks.push({ name: tag[1] as string, lines: [tag[2] as string] });
    else blocks.at(-1)?.lines.push(line);
  }
  return blocks.map((block) => ({ name: block.name, text: block.lines.join('\n').trim() }));
}
