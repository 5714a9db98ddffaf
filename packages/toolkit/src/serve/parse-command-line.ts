import { parseArgs } from 'node:util';
import type { AuthenticationSettings } from '../auth/settings.ts';
import { ConfigurationError } from '../define/configuration-error.ts';
import { nearest } from '../dispatch/nearest.ts';
import type { ToolSelection } from '../surface/select.ts';
import type { Bind } from './allowed-hosts.ts';
import { authenticationOf, localCallerOf, selectionOf } from './access-options.ts';
import type { Callers, OptionDefinition, Program, Values } from './endpoint.ts';
import {
  ALWAYS_OPTIONS,
  AUTH_OPTIONS,
  DEFAULT_PORT,
  HEALTH_OPTIONS,
  OFFER_OPTIONS,
  PRINCIPAL_OPTIONS,
  SERVE_OPTIONS,
} from './own-options.ts';
import { UsageError } from './usage-error.ts';

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'stdio';
      readonly callers: Callers;
      readonly tools: ToolSelection;
      readonly values: Values;
      readonly operands?: readonly string[];
    }
  | {
      readonly kind: 'http';
      readonly bind: Bind;
      readonly drainSeconds: number;
      /** Undefined: the operator configured none. */
      readonly authentication: AuthenticationSettings | undefined;
      readonly tools: ToolSelection;
      readonly values: Values;
      readonly operands?: readonly string[];
    }
  | { readonly kind: 'health'; readonly url: string }
  | { readonly kind: 'command'; readonly name: string; readonly values: Values };

type Environment = Readonly<Record<string, string | undefined>>;
type Options = Readonly<Record<string, OptionDefinition>>;

/** What was typed: the command, and each option with its values in their order. */
interface Typed {
  readonly command: string | undefined;
  readonly operands: readonly string[];
  readonly options: ReadonlyMap<string, readonly (string | true)[]>;
}

/** What no server may define anew. */
const OWN_OPTIONS: Options = {
  ...SERVE_OPTIONS,
  ...OFFER_OPTIONS,
  ...AUTH_OPTIONS,
  ...PRINCIPAL_OPTIONS,
  ...HEALTH_OPTIONS,
  ...ALWAYS_OPTIONS,
};

const REPEATABLE = new Set(['allowed-host', 'allowed-origin']);

/** What may be repeated in a message: a word, and nothing that looks like a value. */
const WORD = /^[a-z][\w-]{0,40}$/iu;

/**
 * Reads a command line (without node and the script) and the environment variables of its options.
 * @throws UsageError when it cannot be understood
 * @throws ConfigurationError when the program defines an option or a command that every server has already
 */
export function parseCommandLine(program: Program, argv: readonly string[], environment: Environment): Invocation {
  assertNoneTaken(program);
  const typed = readTyped(argv, { ...program.options, ...OWN_OPTIONS }, program);
  const { command, operands, options } = typed;
  if (options.has('help')) return { kind: 'help' };
  if (options.has('version')) return { kind: 'version' };

  if (command !== undefined) {
    refuseOthers(typed, command === 'health' ? HEALTH_OPTIONS : program.options, `does not belong to ${command}`);
    if (command === 'health') return { kind: 'health', url: healthUrl(one(options, 'url'), environment) };
    return { kind: 'command', name: command, values: valuesOf(program.options, options, environment) };
  }
  const { url: _, ...serving } = OWN_OPTIONS;
  refuseOthers(typed, { ...program.options, ...serving }, 'belongs to the command health');
  const values = valuesOf(program.options, options, environment);
  const words = program.operands && { operands };
  const tools = selectionOf(valuesOf(OFFER_OPTIONS, options, environment));
  const overHttp = { ...SERVE_OPTIONS, ...AUTH_OPTIONS };
  if (!options.has('http')) {
    refuseOthers(typed, { ...program.options, ...OFFER_OPTIONS, ...PRINCIPAL_OPTIONS }, 'works only with --http');
    const callers = localCallerOf(valuesOf(PRINCIPAL_OPTIONS, options, environment));
    return { kind: 'stdio', callers, tools, values, ...words };
  }
  refuseOthers(typed, { ...program.options, ...OFFER_OPTIONS, ...overHttp }, 'works only without --http');
  const bind = bindOf(options, environment);
  const drainSeconds = drainOf(one(options, 'drain'), environment);
  const authentication = authenticationOf(valuesOf(AUTH_OPTIONS, options, environment), environment);
  if (authentication && bind.withoutAuthentication) {
    throw new UsageError('--no-auth contradicts what is configured to authenticate callers: leave one of the two out.');
  }
  return { kind: 'http', bind, drainSeconds, authentication, tools, values, ...words };
}

function assertNoneTaken({ options, commands }: Program): void {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(OWN_OPTIONS, name)) {
      throw new ConfigurationError(`Every server has an option --${name} already: rename the server's own.`);
    }
  }
  if (Object.hasOwn(commands, 'health')) {
    throw new ConfigurationError("Every server has a command health already: rename the server's own.");
  }
}

function readTyped(argv: readonly string[], known: Options, program: Program): Typed {
  const { tokens } = parseArgs({
    args: [...argv],
    options: {
      ...Object.fromEntries(Object.entries(known).map(([name, { type }]) => [name, { type }])),
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    tokens: true,
  });
  const commands = [...Object.keys(program.commands), 'health'];
  const options = new Map<string, (string | true)[]>();
  const operands: string[] = [];
  let command: string | undefined;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (command !== undefined) throw new UsageError(`There is one argument too many after ${command}.`);
      if (program.operands && (operands.length > 0 || !commands.includes(token.value))) {
        operands.push(token.value);
        continue;
      }
      if (!commands.includes(token.value)) throw unknown('command', token.value, commands, '');
      command = token.value;
    } else if (token.kind === 'option') {
      const definition = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
      if (!definition)
        throw unknown('option', token.name, Object.keys(known), token.rawName.startsWith('--') ? '--' : '-');
      const values = options.get(token.name) ?? [];
      if (values.length > 0 && !REPEATABLE.has(token.name)) throw new UsageError(`--${token.name} is given twice.`);
      options.set(token.name, [...values, valueOf(token, definition)]);
    }
  }
  return { command, operands, options };
}

interface OptionToken {
  readonly name: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function valueOf({ name, value, inlineValue }: OptionToken, { type }: OptionDefinition): string | true {
  if (type === 'boolean') {
    if (inlineValue === true) throw new UsageError(`--${name} takes no value.`);
    return true;
  }
  const isNextOption = inlineValue !== true && value?.startsWith('-') === true;
  if (value === undefined || value.trim() === '' || isNextOption) throw new UsageError(`--${name} needs a value.`);
  return value;
}

function unknown(what: 'command' | 'option', name: string, candidates: readonly string[], dashes: string): UsageError {
  if (!WORD.test(name)) return new UsageError(`There is an argument that is no ${what} of this program.`);
  const near = nearest(name, candidates);
  const hint = near === undefined ? '' : ` Did you mean ${what === 'option' ? '--' : ''}${near}?`;
  return new UsageError(`Unknown ${what} ${dashes}${name}.${hint}`);
}

function refuseOthers({ options }: Typed, allowed: Options, problem: string): void {
  for (const name of options.keys()) if (!Object.hasOwn(allowed, name)) throw new UsageError(`--${name} ${problem}.`);
}

function one(options: Typed['options'], name: string): string | undefined {
  const value = options.get(name)?.[0];
  return typeof value === 'string' ? value : undefined;
}

function valuesOf(definitions: Options, options: Typed['options'], environment: Environment): Values {
  const entries = Object.entries(definitions).map(([name, { type, environment: variable }]) => {
    const fallback = variable === undefined ? undefined : environment[variable];
    const set = fallback === undefined || fallback === '' ? undefined : fallback;
    return [name, options.get(name)?.[0] ?? (type === 'boolean' ? flag(variable, set) : set)] as const;
  });
  return Object.fromEntries(entries);
}

function flag(variable: string | undefined, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === '1' || value === 'true') return true;
  if (value === '0' || value === 'false') return false;
  throw new UsageError(`${variable} must be true, false, 1 or 0.`);
}

function bindOf(options: Typed['options'], environment: Environment): Bind {
  const host = one(options, 'host') ?? (environment['HOST'] || '127.0.0.1');
  if (!/^[\w.:[\]-]+$/u.test(host)) {
    throw new UsageError(`${options.has('host') ? '--host' : 'HOST'} must be an address of this machine: 127.0.0.1.`);
  }
  return {
    host,
    port: Number(portOf(one(options, 'port'), environment)),
    allowedHosts: listOf('allowed-host', options, environment),
    allowedOrigins: listOf('allowed-origin', options, environment),
    withoutAuthentication: options.has('no-auth'),
  };
}

/** What was typed, each by itself, or what the variable lists. */
function listOf(name: string, options: Typed['options'], environment: Environment): readonly string[] {
  const listed = environment[SERVE_OPTIONS[name]?.environment ?? ''] || undefined;
  return options.get(name)?.map(String) ?? listed?.split(',').map((each) => each.trim()) ?? [];
}

function portOf(typed: string | undefined, environment: Environment): string {
  const port = typed ?? (environment['PORT'] || DEFAULT_PORT);
  if (/^\d{1,5}$/u.test(port) && Number(port) <= 65_535) return port;
  throw new UsageError(`${typed === undefined ? 'PORT' : '--port'} must be a whole number from 0 to 65535.`);
}

function drainOf(typed: string | undefined, environment: Environment): number {
  const seconds = typed ?? (environment['MORTISE_DRAIN_SECONDS'] || '0');
  if (/^\d{1,3}$/u.test(seconds) && Number(seconds) <= 300) return Number(seconds);
  const name = typed === undefined ? 'MORTISE_DRAIN_SECONDS' : '--drain';
  throw new UsageError(`${name} must be a whole number of seconds from 0 to 300.`);
}

function healthUrl(typed: string | undefined, environment: Environment): string {
  if (typed === undefined) return `http://127.0.0.1:${portOf(undefined, environment)}/healthz`;
  const url = URL.parse(typed);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href;
  throw new UsageError('--url must begin with http:// or https://.');
}
