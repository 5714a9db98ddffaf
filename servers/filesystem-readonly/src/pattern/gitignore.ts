import { RE2JS } from 're2js';

import { translate } from './glob.ts';

interface Rule {
  readonly pattern: RE2JS;
  readonly ignores: boolean;
  readonly directoriesOnly: boolean;
}

/** The most rules of one file that count: a tree may hold a hostile `.gitignore`. */
const MOST_RULES = 2000;

/**
 * The rules of one `.gitignore` (gitignore(5)). They become RE2 patterns, because a pattern in a file is as little to
 * be trusted as one from a model.
 */
export class Gitignore {
  readonly #rules: readonly Rule[];

  constructor(text: string) {
    this.#rules = text.split('\n').slice(0, MOST_RULES).flatMap(ruleOf);
  }

  /**
   * Whether the last rule that matches ignores (`true`) or keeps (`false`); undefined when none matches.
   * @param path - From the folder of the `.gitignore` down
   */
  verdict(path: string, isDirectory: boolean): boolean | undefined {
    const last = this.#rules.findLast(
      ({ pattern, directoriesOnly }) => (isDirectory || !directoriesOnly) && pattern.test(path),
    );
    return last?.ignores;
  }
}

function ruleOf(line: string): Rule[] {
  const written = line.replace(/\r$/, '').replace(/(?<!\\) +$/, '');
  if (written === '' || written.startsWith('#') || written.length > 1000) return [];
  const ignores = !written.startsWith('!');
  const glob = ignores ? written : written.slice(1);
  const directoriesOnly = glob.endsWith('/');
  const bare = glob.replace(/\/$/, '');
  const anchored = bare.includes('/');
  try {
    const { source } = translate(bare.replace(/^\//, ''));
    const pattern = RE2JS.compile(`^${anchored ? '' : '(?:.*/)?'}${source}$`, RE2JS.DOTALL);
    return [{ pattern, ignores, directoriesOnly }];
  } catch {
    return []; // a rule nobody can read hides nothing
  }
}
