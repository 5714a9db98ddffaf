/**
 * Plain ASCII texts of which every match of an RE2 pattern holds at least one, so that a file without any need not be
 * searched; none where that is not sure.
 */
export function requiredTexts(pattern: string): readonly string[] {
  // in an escape, a class or a group a bar is something else
  const alternatives = /[\\[(]/.test(pattern) ? [pattern] : pattern.split('|');
  const texts = alternatives.map(requiredText);
  return texts.includes('') ? [] : texts;
}

/**
 * Plain ASCII text that every match of an RE2 pattern holds, so that a file without it need not be searched; empty where
 * none is sure. It looks no further than the plain parts of a pattern without groups and alternatives.
 */
function requiredText(pattern: string): string {
  if (/[|(]/.test(pattern)) return '';
  const runs: string[] = [''];
  const add = (character: string): void => void runs.push(`${runs.pop() ?? ''}${character}`);
  const end = (): void => void runs.push('');
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] as string;
    if (character === '*' || character === '?' || character === '{') {
      runs.push((runs.pop() ?? '').slice(0, -1), ''); // what stands before it may be missing
      if (character === '{') at = pattern.indexOf('}', at);
      if (at === -1) break;
    } else if (character === '\\') {
      at += 1;
      const escaped = pattern[at] ?? '';
      if (/[dDwWsSbB]/.test(escaped)) end();
      else if (/[!-/:-@[-`{-~]/.test(escaped)) add(escaped);
      else break;
    } else if (character === '[') {
      break;
    } else if (/[.^$+]/.test(character) || character < ' ' || character > '~') {
      end();
    } else {
      add(character);
    }
  }
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
}
