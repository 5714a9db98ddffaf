import type { Call } from '../call.ts';
import type { Entry, Place } from '../confine/place.ts';
import type { IgnoreRules, Visibility } from './visibility.ts';

/** One entry met on a walk. */
export interface Visit {
  /** The directory it is in. */
  readonly place: Place;
  readonly entry: Entry;
  /** From where the walk began. */
  readonly path: string;
}

interface Level {
  readonly place: Place;
  readonly prefix: string;
  readonly rules: IgnoreRules;
  readonly entries: readonly Entry[];
  next: number;
}

/** Directories below this depth are not entered: each one on the way holds a descriptor. */
const DEEPEST = 512;

/**
 * Walks a directory, depth first, each directory in the order of its names, links not followed. The order never depends
 * on anything but names, so a walk can go on after the last path of an earlier one. It ends early when the call expires.
 */
export class Walk {
  /** Entries met so far. */
  met = 0;
  /** Directories that were too deep. */
  deep = 0;
  /** The walk ended because the time was up. */
  late = false;
  readonly #visibility: Visibility;
  readonly #call: Call;

  constructor(visibility: Visibility, call: Call) {
    this.#visibility = visibility;
    this.#call = call;
  }

  /** @param after - The path to go on after */
  *from(start: Place, after?: string): Generator<Visit> {
    const resume = after?.split('/') ?? [];
    const levels: Level[] = [];
    try {
      levels.push(this.#level(start, '', this.#visibility.rulesAbove(start), resume[0]));
      for (let level = levels.at(-1); level; level = levels.at(-1)) {
        const entry = level.entries[level.next];
        level.next += 1;
        if (!entry) {
          levels.pop();
          if (level.place !== start) level.place[Symbol.dispose]();
          continue;
        }
        const path = level.prefix + entry.name;
        const depth = levels.length;
        // on the way down to where the earlier walk ended: that has been shown, what is in it has not
        const passed = depth <= resume.length && path === resume.slice(0, depth).join('/');
        this.met += 1;
        if (!passed) yield { place: level.place, entry, path };
        if (this.#call.expired()) {
          this.late = true;
          return;
        }
        if (entry.kind !== 'directory') continue;
        const inside = depth < DEEPEST ? level.place.directory(entry.name) : undefined;
        if (inside) levels.push(this.#level(inside, `${path}/`, level.rules, passed ? resume[depth] : undefined));
        else if (depth < DEEPEST) this.#visibility.leftOut.unreadable += 1;
        else this.deep += 1;
      }
    } finally {
      for (const { place } of levels) if (place !== start) place[Symbol.dispose]();
    }
  }

  #level(place: Place, prefix: string, above: IgnoreRules, from: string | undefined): Level {
    const rules = this.#visibility.rulesOf(place, above);
    const entries = this.#visibility.entries(place, rules, prefix);
    const next = from === undefined ? 0 : entries.findIndex(({ name }) => name >= from);
    return { place, prefix, rules, entries, next: next === -1 ? entries.length : next };
  }
}
