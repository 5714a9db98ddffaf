import type { Entry } from './hosts.ts';

const MASK = '***';

/** An entry as it may be shown: values of variables and headers, passwords in URLs and secret arguments are masked. */
export function masked(entry: Entry): Entry {
  const { env, headers, args, url } = entry;
  return {
    ...entry,
    ...(typeof url === 'string' && { url: withoutSecrets(url) }),
    ...(Array.isArray(args) && {
      args: args.map((word, index) => maskedWord(String(word), String(args[index - 1] ?? ''))),
    }),
    ...(env !== undefined && { env: hidden(env) }),
    ...(headers !== undefined && { headers: hidden(headers) }),
  };
}

function hidden(values: unknown): object {
  return Object.fromEntries(Object.keys(Object(values) as object).map((name) => [name, MASK]));
}

/** The name of an option, as `--api-key`, or of a variable, as `docker run -e API_KEY=…` has it. */
const SECRET_NAME = /^[\w-]*(?:token|key|secret|pass|credential)[\w-]*$/iu;
/** A header, as `mcp-remote --header` takes it. */
const SECRET_HEADER = /^([\w-]*(?:authorization|cookie|token|key|secret)[\w-]*:\s*).+$/isu;

function maskedWord(word: string, before: string): string {
  if (before.startsWith('-') && SECRET_NAME.test(before) && !word.startsWith('-')) return MASK;
  const [name = '', ...value] = word.split('=');
  if (value.length > 0 && SECRET_NAME.test(name)) return `${name}=${MASK}`;
  return withoutSecrets(word.replace(SECRET_HEADER, `$1${MASK}`));
}

function withoutSecrets(word: string): string {
  return word
    .replaceAll(/(:\/\/[^\s:@/]*):[^\s@/]+@/gu, `$1:${MASK}@`)
    .replaceAll(/([?&][^=&\s]*(?:token|key|secret|password)[^=&\s]*=)[^&\s]+/giu, `$1${MASK}`);
}
