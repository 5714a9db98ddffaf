import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The text as the formatter of this repository leaves it. */
export function formatted(text: string, name: string): string {
  const oxfmt = fileURLToPath(new URL('../../../node_modules/oxfmt/bin/oxfmt', import.meta.url));
  return execFileSync(process.execPath, [oxfmt, '--stdin-filepath', name], {
    input: text,
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
  });
}
