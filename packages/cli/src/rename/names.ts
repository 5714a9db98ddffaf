import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What a workspace is called. */
export interface Names {
  /** The scope of its packages on npm, without the `@`. */
  readonly scope: string;
  /** Its own name, one word in lower case: that of its command, its environment variables and its tables. */
  readonly name: string;
  /** Where it is on GitHub: `owner/repository`. */
  readonly repository: string;
}

/** What the workspace says it is called: the manifests of its toolkit and of its command line. */
export function namesOf(workspace: string): Names {
  const toolkit = manifestOf(path.join(workspace, 'packages/toolkit'));
  const { name } = manifestOf(path.join(workspace, 'packages/cli'));
  const [, scope = ''] = /^@([^/]+)\//u.exec(toolkit.name) ?? [];
  const [, repository = ''] = /github\.com\/(.+?)(?:\.git)?$/u.exec(toolkit.repository.url) ?? [];
  return { scope, name, repository };
}

/**
 * Puts new names in the places of the old ones in a text or a path. All in one pass: a new name may contain an old one.
 * Words are told apart by where they stand: `owner/repository` and the owner's part of names that GitHub gives, the
 * scope after its `@`, and the name anywhere else, in the case that it had.
 */
export function renaming(from: Names, to: Names): (text: string) => string {
  const [oldOwner = '', newOwner = ''] = [from, to].map(({ repository }) => repository.split('/')[0]);
  const [oldNames, newNames] = [casesOf(from.name), casesOf(to.name)];
  const places = new RegExp(
    [
      `(?<repository>(?<![\\w@-])${from.repository.replaceAll('.', '\\.')}(?![\\w-]))`,
      `(?<=io\\.github\\.)(?<owner>${oldOwner})(?![\\w-])`,
      `(?<=@)(?<scope>${from.scope})(?![\\w-])`,
      oldNames.join('|'),
    ].join('|'),
    'gu',
  );
  return (text) =>
    text.replaceAll(places, (...found) => {
      const { repository, owner, scope } = found.at(-1) as Readonly<Record<string, string | undefined>>;
      if (repository !== undefined) return to.repository;
      if (owner !== undefined) return newOwner;
      return scope === undefined ? newNames[oldNames.indexOf(found[0])]! : to.scope;
    });
}

/** A name as it is written: in code, in prose, in variables of the environment. */
function casesOf(name: string): readonly [lower: string, title: string, upper: string] {
  return [name, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, name.toUpperCase()];
}

function manifestOf(folder: string): { readonly name: string; readonly repository: { readonly url: string } } {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as ReturnType<typeof manifestOf>;
}
