import { dirname } from 'node:path';

import { kindOf } from './kind.ts';
import { nameOf, quoted, shown } from './names.ts';
import { alike, nearest } from './near-names.ts';
import type { Pin } from './pin.ts';
import { Place } from './place.ts';
import type { Protection } from './protection.ts';
import { isAbsent, refusalOf } from './refusal-of.ts';
import { Refusal } from './refusal.ts';
import { namesIn, parseRequest, type Request } from './request.ts';
import { pinOf, type Root } from './roots.ts';

/** A root and the names still to go from there. */
interface Start {
  readonly root: Root;
  readonly names: readonly string[];
}

/** As many symbolic links as Linux follows on one path. */
const MOST_LINKS = 40;
/** More folders of a client than this are not looked at. */
const MOST_CLIENT_ROOTS = 100;

/**
 * The one way to a file. A path is walked name by name from the hold on a root; each step holds what it found before
 * the next begins. Symbolic links are never followed by the kernel: their text is read and walked here, from a root
 * again. So nothing outside the roots is looked up, opened or told apart from what is absent, whatever others do to
 * the tree meanwhile.
 */
export class Door implements Disposable {
  readonly roots: readonly Root[];
  readonly #protection: Protection;
  readonly #pins: ReadonlyMap<Root, Pin>;

  constructor(roots: readonly Root[], protection: Protection, pins?: ReadonlyMap<Root, Pin>) {
    this.roots = roots;
    this.#protection = protection;
    this.#pins = pins ?? new Map(roots.map((root) => [root, pinOf(root)]));
  }

  /**
   * The door to what lies both in these roots and in folders that a client has named. A folder that holds a root gives
   * that root, one inside a root becomes a root itself, everything else gives nothing.
   * @param uris - `file:///…`
   */
  narrowed(uris: readonly string[]): Door {
    const pins = new Map<Root, Pin>();
    for (const uri of uris.slice(0, MOST_CLIENT_ROOTS)) {
      for (const [root, pin] of this.#common(uri)) pins.set(root, pin);
    }
    return new Door([...pins.keys()], this.#protection, pins);
  }

  [Symbol.dispose](): void {
    for (const pin of this.#pins.values()) pin[Symbol.dispose]();
  }

  /** Whether a path below a root is protected, when its folders are not. */
  isProtected(below: string): boolean {
    return this.#protection.denies(below);
  }

  /**
   * Holds what a path names.
   * @param text - Absolute, `file:///…`, or relative: then the first root that has it counts
   * @throws Refusal INVALID_PATH, OUTSIDE, LINK_OUTSIDE, PROTECTED, NOT_FOUND, NO_PERMISSION, CHANGED
   */
  locate(text: string): Place {
    const request = parseRequest(text);
    if (request.absolute) {
      const start = this.#startOf(request.names);
      if (!start) throw this.#outside(request);
      return this.#walk(start, request);
    }
    let absent: unknown;
    for (const root of this.roots) {
      try {
        return this.#walk({ root, names: request.names }, request);
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'NOT_FOUND') throw error;
        absent ??= error;
      }
    }
    throw absent ?? this.#outside(request);
  }

  /** The root itself, held once more. */
  rootPlace(root: Root): Place {
    return new Place(root, [], this.#rootPin(root).again());
  }

  /** Where a symbolic link in a directory leads, if that is inside the roots and exists. */
  linkTarget(place: Place, name: string): string | undefined {
    const text = [place.root.spelled, ...place.names, name].join('/');
    try {
      using target = this.#walk(
        { root: place.root, names: [...place.names, name] },
        { text, absolute: true, names: [] },
      );
      return target.path;
    } catch {
      return undefined;
    }
  }

  #common(uri: string): (readonly [Root, Pin])[] {
    try {
      const { names } = parseRequest(uri);
      const held = this.roots.filter(({ spelled, real }) => begins(spelled, names) || begins(real, names));
      if (held.length > 0) return held.map((root) => [root, this.#rootPin(root).again()]);
      const place = this.locate(uri);
      try {
        return [place.asRoot()];
      } catch (error) {
        place[Symbol.dispose]();
        throw error;
      }
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  }

  /** The root that the first names of an absolute path spell, and the names below it. */
  #startOf(names: readonly string[]): Start | undefined {
    const walked: string[] = [];
    for (let next = 0; ; next += 1) {
      const path = `/${walked.join('/')}`;
      const root = this.roots.find(({ spelled, real }) => same(spelled, path) || same(real, path));
      if (root) return { root, names: names.slice(next) };
      const name = names[next];
      if (name === undefined) return undefined;
      if (name === '..') walked.pop();
      else walked.push(name);
    }
  }

  #walk(start: Start, request: Request): Place {
    let { root } = start;
    let todo = [...start.names];
    let links = 0;
    const held: { name: string; pin: Pin }[] = [];
    const release = (): void => {
      for (const { pin } of held.splice(0)) pin[Symbol.dispose]();
    };
    const restart = (names: readonly string[]): void => {
      const next = this.#startOf(names);
      if (!next) throw links > 0 ? this.#linkOutside(request) : this.#outside(request);
      release();
      root = next.root;
      todo = [...next.names];
    };
    try {
      for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
        if (name === '..') {
          const left = held.pop();
          if (left) left.pin[Symbol.dispose]();
          else restart([...namesIn(dirname(root.real)), ...todo]);
          continue;
        }
        const parent = held.at(-1)?.pin ?? this.#rootPin(root);
        const folder = held.map((each) => `${each.name}/`).join('');
        const above = root.above.map((each) => `${each}/`).join('');
        const isProtected = (other: string): boolean => this.isProtected(above + folder + other);
        if (isProtected(name)) throw this.#protected(request);
        const found = this.#hold(parent, name, folder, isProtected, request);
        const kind = kindOf(found.pin.stats());
        if (kind === 'symlink') {
          found.pin[Symbol.dispose]();
          links += 1;
          if (links > MOST_LINKS)
            throw new Refusal('NOT_FOUND', `${quoted(request.text)} leads through too many links.`);
          const target = nameOf(parent.linkOf(found.name));
          const names = namesIn(target);
          if (target.startsWith('/') || /^[a-z]:/i.test(target)) restart([...names, ...todo]);
          else todo = [...names, ...todo];
          continue;
        }
        held.push(found);
        if (kind !== 'directory' && todo.length > 0) {
          throw new Refusal(
            'NOT_DIRECTORY',
            `On the way to ${quoted(request.text)}, ${shown(folder + name)} is a ${kind}.`,
          );
        }
      }
      const names = held.map((each) => each.name);
      const last = held.pop();
      release();
      return last ? new Place(root, names, last.pin) : this.rootPlace(root);
    } catch (error) {
      release();
      throw refusalOf(error, request.text);
    }
  }

  #rootPin(root: Root): Pin {
    return this.#pins.get(root) as Pin;
  }

  /** The entry of this name or, when there is none, the only one that differs in nothing but its Unicode spelling. */
  #hold(
    parent: Pin,
    name: string,
    folder: string,
    isProtected: (name: string) => boolean,
    request: Request,
  ): { name: string; pin: Pin } {
    try {
      return { name, pin: parent.child(name) };
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    const visible = listed(parent).filter((other) => !isProtected(other));
    const twin = alike(name, visible);
    if (twin !== undefined) return { name: twin, pin: parent.child(twin) };
    const near = nearest(name, visible).map((other) => shown(folder + other));
    throw new Refusal(
      'NOT_FOUND',
      `${quoted(request.text)} does not exist.`,
      near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Call list_directory on a folder above it.',
    );
  }

  #outside(request: Request): Refusal {
    return new Refusal(
      'OUTSIDE',
      `${quoted(request.text)} is outside the allowed directories.`,
      this.roots.length > 0
        ? `Allowed: ${this.roots.map(({ spelled }) => shown(spelled)).join(', ')}.`
        : "Nothing is allowed: no root of the client lies in this server's folders.",
    );
  }

  #linkOutside(request: Request): Refusal {
    return new Refusal(
      'LINK_OUTSIDE',
      `A symbolic link on ${quoted(request.text)} leads outside the allowed directories.`,
      'It is not followed; only the operator of this server can allow its target.',
    );
  }

  #protected(request: Request): Refusal {
    return new Refusal(
      'PROTECTED',
      `${quoted(request.text)} matches the list of protected files (keys, credentials).`,
      'Do not try other ways to it; only the operator of this server can allow it.',
    );
  }
}

function same(root: string, path: string): boolean {
  return `/${namesIn(root).join('/')}` === path;
}

/** Whether the path of a root begins with these names. */
function begins(root: string, names: readonly string[]): boolean {
  const own = namesIn(root);
  return names.every((name, index) => name === own[index]);
}

function listed(pin: Pin): string[] {
  try {
    return pin.list().map(({ name }) => name);
  } catch {
    return [];
  }
}
