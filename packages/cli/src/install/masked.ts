import type { Entry } from './hosts.ts';

const MASK = '***';

/** An entry as it may be shown: values of variables and headers, passwords in URLs and secret options are masked. */
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

const SECRET_OPTION = /^--?[\w-]*(?:token|key|secret|password|credential)[\w-]*$/iu;

function maskedWord(word: string, before: string): string {
  if (SECRET_OPTION.test(before) && !word.startsWith('-')) return MASK;
  const [option = '', ...value] = word.split('=');
  if (value.length > 0 && SECRET_OPTION.test(option)) return `${option}=${MASK}`;
  return withoutSecrets(word);
}

function withoutSecrets(word: string): string {
  return word
    .replaceAll(/(:\/\/[^\s:@/]*):[^\s@/]+@/gu, `$1:${MASK}@`)
    .replaceAll(/([?&][^=&\s]*(?:token|key|secret|password)[^=&\s]*=)[^&\s]+/giu, `$1${MASK}`);
}
