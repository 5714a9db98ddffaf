import { existsSync } from 'node:fs';
import path from 'node:path';

import { UsageError } from '../command.ts';
import { launchOf, type Launch } from './launch.ts';

/** A server that a command is about. */
export type Target = { readonly kind: 'http'; readonly url: URL } | ({ readonly kind: 'stdio' } & Launch);

/** What `--help` says of a target. */
export const targetHelp = `A target is a URL (Streamable HTTP), a folder or file of a server, or a command in quotes (stdio):

  http://127.0.0.1:3000/mcp    servers/customer-db    "npx -y @mortise/customer-db --read-only"

  --token-env  the environment variable with the bearer token for a URL (default: MORTISE_TOKEN)`;

/**
 * Reads a target as it was typed.
 * @throws UsageError when it can be none
 */
export function targetOf(typed: string, directory: string): Target {
  if (/^https?:\/\//u.test(typed)) {
    const url = URL.parse(typed);
    if (!url) throw new UsageError(`${typed} is not a URL`);
    return { kind: 'http', url };
  }
  const place = path.resolve(directory, typed);
  if (existsSync(place)) return { kind: 'stdio', ...launchOf(place) };
  const [command, ...args] = wordsOf(typed);
  if (command === undefined) throw new UsageError('the target is empty');
  if (args.length === 0 && /[/\\]|\.[cm]?[jt]s$/u.test(command)) throw new UsageError(`there is no ${command}`);
  return { kind: 'stdio', command, args };
}

/** The words of a command line; quotes hold spaces together, and a backslash before a quote or a space is an escape. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\["'\s]|[^\s"'])+/gu) ?? [];
  return words.map((word) =>
    word.replaceAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(["'\s])/gu, (_, double?: string, single?: string, one?: string) =>
      double === undefined ? (single ?? one ?? '') : double.replaceAll(/\\(["\\])/gu, '$1'),
    ),
  );
}
