import type { Door } from '../confine/door.ts';
import type { Entry, Place } from '../confine/place.ts';
import { Gitignore } from '../pattern/gitignore.ts';
import type { Matcher } from '../pattern/glob.ts';

/** What a listing leaves out, besides what is protected. */
export interface Filter {
  /** Show names that begin with a dot. */
  readonly hidden: boolean;
  /** Leave out what `.gitignore` files name, and `.git`. */
  readonly gitignore: boolean;
  /** Matched against the path from where the search began. */
  readonly exclude?: readonly Matcher[];
}

/** How many entries were left out, and why. */
export interface LeftOut {
  protected: number;
  hidden: number;
  ignored: number;
  excluded: number;
  unreadable: number;
}

/** The rules of the `.gitignore` files from the root down to a folder. */
export type IgnoreRules = readonly { readonly depth: number; readonly rules: Gitignore }[];

const LARGEST_GITIGNORE = 256 * 1024;

/** Decides what may be seen, and counts what may not. */
export class Visibility {
  readonly leftOut: LeftOut = { protected: 0, hidden: 0, ignored: 0, excluded: 0, unreadable: 0 };
  readonly #door: Door;
  readonly #filter: Filter;

  constructor(door: Door, filter: Filter) {
    this.#door = door;
    this.#filter = filter;
  }

  /**
   * The entries of a directory that may be seen, by name.
   * @param prefix - The path from where the search began, with a slash at the end unless empty
   */
  entries(place: Place, rules: IgnoreRules, prefix: string): Entry[] {
    let entries: Entry[];
    try {
      entries = place.entries();
    } catch {
      this.leftOut.unreadable += 1;
      return [];
    }
    const below = place.below === '' ? '' : `${place.below}/`;
    return entries.filter((entry) => {
      const why = this.#reason(entry, place, below, prefix, rules);
      if (why) this.leftOut[why] += 1;
      return !why;
    });
  }

  /** The rules that hold in a folder: those of its parent and its own. */
  rulesOf(place: Place, parent: IgnoreRules): IgnoreRules {
    if (!this.#filter.gitignore) return parent;
    using file = place.file('.gitignore');
    if (!file || file.size > LARGEST_GITIGNORE) return parent;
    const text = Buffer.alloc(file.size);
    file.read(text, 0);
    return [...parent, { depth: place.names.length, rules: new Gitignore(text.toString('utf8')) }];
  }

  /** The rules that hold above a folder: those of its ancestors from the root down. */
  rulesAbove(place: Place): IgnoreRules {
    if (!this.#filter.gitignore || place.names.length === 0) return [];
    let rules: IgnoreRules = [];
    let folder: Place | undefined = this.#door.rootPlace(place.root);
    for (const name of place.names) {
      rules = this.rulesOf(folder, rules);
      const next: Place | undefined = folder.directory(name);
      folder[Symbol.dispose]();
      if (!next) return rules;
      folder = next;
    }
    folder[Symbol.dispose]();
    return rules;
  }

  #reason(
    { name, kind }: Entry,
    place: Place,
    below: string,
    prefix: string,
    rules: IgnoreRules,
  ): keyof LeftOut | undefined {
    if (this.#door.isProtected(below + name)) return 'protected';
    if (!this.#filter.hidden && name.startsWith('.')) return 'hidden';
    if (this.#filter.gitignore && (name === '.git' || isIgnored([...place.names, name], kind === 'directory', rules))) {
      return 'ignored';
    }
    return this.#filter.exclude?.some((matches) => matches(prefix + name)) ? 'excluded' : undefined;
  }
}

function isIgnored(names: readonly string[], isDirectory: boolean, rules: IgnoreRules): boolean {
  for (const each of rules.toReversed()) {
    const verdict = each.rules.verdict(names.slice(each.depth).join('/'), isDirectory);
    if (verdict !== undefined) return verdict;
  }
  return false;
}

/** What was left out, as a note; undefined when nothing was. */
export function leftOutNote(leftOut: LeftOut): string | undefined {
  const parts = Object.entries(leftOut)
    .filter(([, number]) => number > 0)
    .map(([why, number]) => `${number.toLocaleString('en-US')} ${why}`);
  return parts.length === 0 ? undefined : `left out: ${parts.join(', ')}`;
}
