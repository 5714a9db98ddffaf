import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type JSONRPCRequest,
} from '@modelcontextprotocol/server';

import { decide } from '../auth/access.ts';
import type { Auth } from '../context/context.ts';
import { ToolError } from '../define/errors.ts';
import type {
  Definition,
  Definitions,
  PromptDefinition,
  ResourceDefinition,
  ToolDefinition,
} from '../surface/definition.ts';
import { entriesOf, onlyThose } from '../surface/entries.ts';
import { matchTemplate } from '../surface/uri.ts';
import { isTemplate, listingsOf, type Listings } from './listings.ts';
import { nearest } from './nearest.ts';
import { SKILL_TEMPLATE } from '../surface/skills.ts';

/** Lists for more kinds of callers than this are made anew instead of kept. */
const MAX_KEPT = 64;

/** A resource, with what its URI says. */
export interface FoundResource {
  readonly resource: ResourceDefinition;
  readonly variables: Record<string, unknown>;
}

/** What an {@link Offer} is made of. */
export interface OfferSource {
  readonly definitions: Definitions;
  /** Who calls where nobody is verified; undefined where everybody has to be. */
  readonly unverified: Auth | undefined;
  /** Leave out of lists what the caller lacks the scopes for. */
  readonly hideWithoutScopes: boolean;
}

/**
 * What a server offers, as each caller sees it. To a caller who may not see an entry every answer is that of an
 * unknown name, and no hint names it.
 */
export class Offer {
  /** The lists of a caller who may have everything. */
  readonly everything: Listings;
  /** What clients may be told to ask for: every scope that an entry needs, but for entries that not everybody sees. */
  readonly scopes: readonly string[];
  /** Some answers depend on who calls. */
  readonly limited: boolean;
  /** Nobody is verified, so that everybody gets the same. */
  readonly shared: boolean;
  /** Some tool may become a task. */
  readonly hasTasks: boolean;
  readonly #source: OfferSource;
  readonly #entries: readonly Definition[];
  readonly #sameForAll: boolean;
  readonly #kept = new Map<string, Listings>();

  constructor(source: OfferSource) {
    const { definitions, hideWithoutScopes } = source;
    this.#source = source;
    this.#entries = entriesOf(definitions);
    this.everything = listingsOf(definitions);
    this.scopes = [...new Set(this.#entries.flatMap(({ options }) => (options.visible ? [] : (options.scopes ?? []))))];
    this.limited = this.#entries.some(({ options }) => (options.visible ?? options.scopes) !== undefined);
    this.hasTasks = [...definitions.tools.values()].some(({ options }) => options.task !== undefined);
    this.shared = source.unverified !== undefined;
    this.#sameForAll = this.#entries.every(({ options }) => !options.visible && !(hideWithoutScopes && options.scopes));
  }

  /** The lists that a caller gets; made once for all callers who see the same. */
  listings(auth: Auth | undefined): Listings {
    if (this.#sameForAll && (auth ?? this.#source.unverified)) return this.everything;
    const listed = this.#entries.map((entry) => this.#isListed(entry, auth));
    const key = listed.map(Number).join('');
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const seen = new Set(this.#entries.filter((_, index) => listed[index]));
    const made = listingsOf(onlyThose(this.#source.definitions, (entry) => seen.has(entry)));
    if (this.#kept.size < MAX_KEPT) this.#kept.set(key, made);
    return made;
  }

  /** @throws ProtocolError -32602 when the caller has no such tool */
  tool(name: string, auth: Auth | undefined): ToolDefinition {
    return this.#find('tool', this.#source.definitions.tools, name, auth);
  }

  /** @throws ProtocolError -32602 when the caller has no such prompt */
  prompt(name: string, auth: Auth | undefined): PromptDefinition {
    return this.#find('prompt', this.#source.definitions.prompts, name, auth);
  }

  /** @throws ResourceNotFoundError when the caller has no such template */
  template(template: string, auth: Auth | undefined): ResourceDefinition {
    const resource = this.defined(template, auth);
    if (!resource) throw new ResourceNotFoundError(template);
    return resource;
  }

  /** The resource or template that was defined with this URI, if the caller may know of it. */
  defined(uri: string, auth: Auth | undefined): ResourceDefinition | undefined {
    const resource = this.#source.definitions.resources.get(uri);
    return resource && this.#isVisible(resource, auth) ? resource : undefined;
  }

  /** @throws ResourceNotFoundError when nothing that the caller may see has this URI */
  resource(uri: string, auth: Auth | undefined): FoundResource {
    const found = this.#findResource(uri, auth);
    if (!found) throw new ResourceNotFoundError(uri);
    return found;
  }

  /** @throws ToolError INSUFFICIENT_SCOPE, for transports that have no answer of their own for it */
  assertScopes(entry: Definition, auth: Auth | undefined): void {
    const decision = this.#decide(entry, auth);
    if (decision.kind !== 'insufficient') return;
    const { scopes } = decision;
    throw new ToolError(`${entry.name} needs ${named(scopes)}, which this caller was not granted.`, {
      code: 'INSUFFICIENT_SCOPE',
      hint: 'Tell the user: whoever runs the server grants scopes. Repeating the call changes nothing.',
      details: { scopes },
    });
  }

  /** Whether the caller has every scope that this needs. */
  isAllowed(entry: Definition, auth: Auth | undefined): boolean {
    return this.#decide(entry, auth).kind === 'allowed';
  }

  /** Whether the caller may be told of changes of what has this URI. */
  mayFollow(uri: string, auth: Auth | undefined): boolean {
    if (!this.limited && (auth ?? this.#source.unverified)) return true;
    const found = this.#findResource(uri, auth);
    return found !== undefined && this.#decide(found.resource, auth).kind === 'allowed';
  }

  /** What a request is about that lacks scopes, and which; undefined for every other request. */
  lacking(
    { method, params = {} }: Pick<JSONRPCRequest, 'method' | 'params'>,
    auth: Auth | undefined,
  ): { readonly entry: Definition; readonly scopes: readonly [string, ...string[]] } | undefined {
    const entry = this.#entryOf(method, params, auth);
    const decision = entry && this.#decide(entry, auth);
    return entry && decision?.kind === 'insufficient' ? { entry, scopes: decision.scopes } : undefined;
  }

  #entryOf(method: string, params: Readonly<Record<string, unknown>>, auth: Auth | undefined): Definition | undefined {
    const { tools, prompts, resources } = this.#source.definitions;
    switch (method) {
      case 'tools/call':
        return tools.get(params['name'] as string);
      case 'prompts/get':
        return prompts.get(params['name'] as string);
      case 'resources/read':
      case 'resources/subscribe':
        return typeof params['uri'] === 'string' ? this.#findResource(params['uri'], auth)?.resource : undefined;
      case 'skills/list':
      case 'skills/get':
      case 'resources/directory/read':
        return resources.get(SKILL_TEMPLATE);
      case 'completion/complete': {
        const { name, uri } = (params['ref'] ?? {}) as { readonly name?: string; readonly uri?: string };
        return prompts.get(name ?? '') ?? resources.get(uri ?? '');
      }
      default:
        return undefined;
    }
  }

  #decide(entry: Definition, auth: Auth | undefined): ReturnType<typeof decide> {
    const caller = auth ?? this.#source.unverified;
    return caller ? decide(entry, caller) : { kind: 'unknown' };
  }

  #isVisible(entry: Definition, auth: Auth | undefined): boolean {
    return this.#decide(entry, auth).kind !== 'unknown';
  }

  #isListed(entry: Definition, auth: Auth | undefined): boolean {
    const { kind } = this.#decide(entry, auth);
    return kind === 'allowed' || (kind === 'insufficient' && !this.#source.hideWithoutScopes);
  }

  #find<D extends Definition>(
    kind: string,
    definitions: ReadonlyMap<string, D>,
    name: string,
    auth: Auth | undefined,
  ): D {
    const found = definitions.get(name);
    if (found && this.#isVisible(found, auth)) return found;
    const listed = [...definitions.values()].filter((entry) => this.#isListed(entry, auth));
    const meant = nearest(
      name,
      listed.map((entry) => entry.name),
    );
    const hint = meant === undefined ? `List the ${kind}s for those there are.` : `Did you mean ${meant}?`;
    const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown ${kind}: ${shown}. ${hint}`);
  }

  #findResource(uri: string, auth: Auth | undefined): FoundResource | undefined {
    const { resources } = this.#source.definitions;
    const fixed = resources.get(uri);
    if (fixed && !isTemplate(uri) && this.#isVisible(fixed, auth)) return { resource: fixed, variables: {} };
    for (const resource of resources.values()) {
      const variables = isTemplate(resource.uri) ? matchTemplate(resource.uri, uri) : undefined;
      if (variables && this.#isVisible(resource, auth)) return { resource, variables };
    }
    return undefined;
  }
}

/** The scopes, as a sentence names them. */
export function named(scopes: readonly string[]): string {
  return `the scope${scopes.length > 1 ? 's' : ''} ${scopes.join(' ')}`;
}
