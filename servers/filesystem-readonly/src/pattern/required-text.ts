/**
 * Plain ASCII text that every match of an RE2 pattern holds, so that a file without it need not be searched; empty where
 * none is sure. It looks no further than the plain parts of a pattern without groups and alternatives.
 */
export function requiredText(pattern: string): string {
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
