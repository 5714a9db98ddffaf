import { ConfigurationError } from '../define/configuration-error.ts';
import { nearest } from '../dispatch/nearest.ts';
import type { Definition, Definitions } from '../surface/definition.ts';
import { onlyThose } from '../surface/entries.ts';

/**
 * Changes what a server offers, without changing the server: a function of all its tools, prompts and resources that
 * returns others. `hide`, `only`, `rename`, `describe` and `fix` make such functions; `mount` applies them in their
 * order, before it adds the prefix.
 */
export type Transform = (offered: Definitions) => Definitions;

/** Tools and prompts by their names, resources by their URIs or templates. */
export interface Named<T> {
  readonly tools?: Readonly<Record<string, T>>;
  readonly prompts?: Readonly<Record<string, T>>;
  readonly resources?: Readonly<Record<string, T>>;
}

/** Names of tools and prompts, URIs of resources. */
export interface Names {
  readonly tools?: readonly string[];
  readonly prompts?: readonly string[];
  readonly resources?: readonly string[];
}

/** What is said of an entry; what is left out stays. */
export interface Description {
  readonly title?: string;
  readonly description?: string;
  /** Of its arguments, by their names. */
  readonly arguments?: Readonly<Record<string, string>>;
}

type Kind = keyof Definitions;

const KINDS: readonly Kind[] = ['tools', 'prompts', 'resources'];

/**
 * Takes entries away: they are not listed and cannot be called.
 *
 * ```ts
 * app.mount('orders', orders, [hide({ tools: ['delete_order'] })]);
 * ```
 */
export function hide(names: Names): Transform {
  return (offered) => {
    const hidden = chosen('hide', names, offered);
    return onlyThose(offered, (entry) => !hidden.has(entry));
  };
}

/** Takes everything away but these; a kind that is not named stays whole. */
export function only(names: Names): Transform {
  return (offered) => {
    const kept = chosen('only', names, offered);
    const whole = KINDS.filter((kind) => !names[kind]).flatMap((kind): Definition[] => [...offered[kind].values()]);
    return onlyThose(offered, (entry) => kept.has(entry) || whole.includes(entry));
  };
}

/**
 * Gives entries other names. Of a resource it is the name that clients show; its URI stays.
 *
 * ```ts
 * app.mount('orders', orders, [rename({ tools: { find_orders: 'search' } })]);
 * ```
 */
export function rename(names: Named<string>): Transform {
  return changed('rename', names, (entry, name) => ({ ...entry, name }));
}

/** Describes entries in other words: a text for the whole, or title, description and arguments each. */
export function describe(texts: Named<string | Description>): Transform {
  return changed('describe', texts, (entry, text) => {
    const { title, description, arguments: of } = typeof text === 'string' ? { description: text } : text;
    return {
      ...entry,
      ...(description !== undefined && { description }),
      ...(of && { input: entry.input.described(of, entry.name) }),
      ...(title !== undefined && { options: { ...entry.options, title } }),
    };
  });
}

/**
 * Fixes arguments of tools and prompts: clients neither see nor send them, and every call gets these values.
 *
 * ```ts
 * app.mount('orders', orders, [fix({ tools: { find_orders: { status: 'open' } } })]);
 * ```
 * @throws ConfigurationError MRT2016 for a value that the argument does not take
 */
export function fix(values: Omit<Named<Readonly<Record<string, unknown>>>, 'resources'>): Transform {
  return changed('fix', values, (entry, given) => ({ ...entry, input: entry.input.fixed(given, entry.name) }));
}

/** Puts `prefix_` before every name; URIs stay, since answers name them. */
export function prefixed(prefix: string): Transform {
  const named = <D extends Definition>(all: ReadonlyMap<string, D>): ReadonlyMap<string, D> =>
    rekeyed([...all.values()].map((entry) => ({ ...entry, name: `${prefix}_${entry.name}` })));
  return ({ tools, prompts, resources }) => ({
    tools: named(tools),
    prompts: named(prompts),
    resources: new Map([...resources].map(([uri, each]) => [uri, { ...each, name: `${prefix}_${each.name}` }])),
  });
}

/** Applies `change` to the entries that are named. */
function changed<T>(
  transform: string,
  named: Named<T>,
  change: <D extends Definition>(entry: D, value: T) => D,
): Transform {
  return (offered) => {
    chosen(transform, mapped(named), offered);
    const of = <D extends Definition>(kind: Kind, all: ReadonlyMap<string, D>): D[] =>
      [...all].map(([key, entry]) => {
        const value = named[kind]?.[key];
        return value === undefined ? entry : change(entry, value);
      });
    const resources = of('resources', offered.resources);
    return {
      tools: rekeyed(of('tools', offered.tools)),
      prompts: rekeyed(of('prompts', offered.prompts)),
      resources: new Map(resources.map((each) => [each.uri, each])),
    };
  };
}

/** @throws ConfigurationError MRT2004 when two entries have one name */
function rekeyed<D extends Definition>(entries: readonly D[]): ReadonlyMap<string, D> {
  const all = new Map<string, D>();
  for (const entry of entries) {
    if (all.has(entry.name))
      throw new ConfigurationError(`MRT2004: two entries have the name ${entry.name}; rename one.`);
    all.set(entry.name, entry);
  }
  return all;
}

function mapped(named: Named<unknown>): Names {
  return Object.fromEntries(KINDS.map((kind) => [kind, Object.keys(named[kind] ?? {})]));
}

/** The entries that are named; a name that is none would do nothing, in silence. */
function chosen(transform: string, names: Names, offered: Definitions): ReadonlySet<Definition> {
  const found = new Set<Definition>();
  for (const kind of KINDS) {
    for (const name of names[kind] ?? []) {
      const entry = offered[kind].get(name);
      if (!entry) {
        const meant = nearest(name, offered[kind].keys());
        const hint = meant === undefined ? 'Remove it.' : `Did you mean ${meant}?`;
        throw new ConfigurationError(`MRT2016: ${transform} names ${name}, which is none of the ${kind}. ${hint}`);
      }
      found.add(entry);
    }
  }
  return found;
}
