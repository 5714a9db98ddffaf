import { type Implementation, type McpRequestContext, type McpServer } from '@modelcontextprotocol/server';

import { unverifiedCaller, withoutDenied } from './auth/callers.ts';
import { authOf } from './auth/principal.ts';
import type { Home, ReadyCheck, SetupSource } from './compose/part.ts';
import { logToStderr, type WriteLog } from './context/log.ts';
import { StateSealer } from './context/sealed-state.ts';
import type { StateStore } from './context/state-store.ts';
import { States } from './context/states.ts';
import type { CacheOptions } from './define/caching.ts';
import { ConfigurationError } from './define/configuration-error.ts';
import type { Icon } from './define/presentation.ts';
import { CallRegistry } from './dispatch/calls.ts';
import { notifyOn } from './dispatch/changes.ts';
import { SharedChanges, type ChangeChannel } from './dispatch/shared-changes.ts';
import { connect, type ConnectSource } from './dispatch/connect.ts';
import type { Adopt } from './dispatch/direct-call.ts';
import { Direct } from './dispatch/direct.ts';
import { Dispatch } from './dispatch/dispatch.ts';
import { listCacheHints } from './dispatch/list-caching.ts';
import { Offer } from './dispatch/offer.ts';
import type { MethodMiddleware, Middleware } from './dispatch/middleware.ts';
import type { DescribeError } from './dispatch/problem.ts';
import { skillResource, type OfferedSkills } from './dispatch/skills.ts';
import type { Deployment, Endpoint, Values } from './serve/endpoint.ts';
import { ResourceStack } from './serve/resource-stack.ts';
import { checkEntry, checkViews } from './surface/check-entry.ts';
import type { Definition, Definitions } from './surface/definition.ts';
import { entriesOf } from './surface/entries.ts';
import { selectTools } from './surface/select.ts';
import { SKILL_TEMPLATE, type Skills } from './surface/skills.ts';
import type { Class } from './surface/surface.ts';
import { memoryTaskStore, type TaskStore } from './tasks/task-store.ts';
import { Tasks } from './tasks/tasks.ts';

/** What a start needs. */
export interface StartSource extends Pick<Home, 'setup'> {
  readonly values: Values;
  readonly name: string;
  readonly version: string;
  readonly title: string | undefined;
  readonly icons: readonly Icon[] | undefined;
  readonly websiteUrl: string | undefined;
  readonly pageSize: number | undefined;
  readonly cache: CacheOptions | undefined;
  readonly instructions: string | undefined;
  readonly definitions: Definitions;
  readonly skills: Skills | undefined;
  readonly log: WriteLog | undefined;
  readonly describeError: DescribeError | undefined;
  readonly hideWithoutScopes: boolean;
  readonly middleware: readonly (Middleware | MethodMiddleware)[];
}

/** Starts a server: everything that transports share until it is closed. */
export function start(source: StartSource, deployment: Deployment = DEFAULT): Endpoint {
  const { name, version, title, icons, websiteUrl, hideWithoutScopes, log: writeLog = logToStderr } = source;
  const skills = source.skills && { options: source.skills.options, library: source.skills.load() };
  skills?.library.catch(ignore); // also where something else ends the start
  const definitions = skills ? withSkills(source.definitions, skills) : source.definitions;
  checkViews(definitions);
  const { callers } = deployment;
  const offered = withoutDenied(name, selectTools(definitions, deployment.tools ?? {}), callers);
  const unverified = unverifiedCaller(callers, offered);
  const offer = new Offer({ definitions: offered, unverified, hideWithoutScopes });
  const stack = new ResourceStack();
  const checks: ReadyCheck[] = [];
  const { operands = [] } = deployment;
  const { values } = source;
  const onReady = (check: ReadyCheck): void => void checks.push(check);
  const sealer = StateSealer.fromEnvironment(process.env['MORTISE_STATE_KEY']);
  const states = new States(sealer);
  const useStateStore = (store: StateStore): void => states.useStore(store);
  const bus = new SharedChanges(writeLog);
  const useChangeChannel = (channel: ChangeChannel): Promise<void> => bus.useChannel(channel);
  let taskStore = memoryTaskStore();
  const useTaskStore = (store: TaskStore): void => void (taskStore = store);
  const made = instancesOf(source, definitions, {
    stack,
    values,
    operands,
    callers: callers.kind,
    onReady,
    useStateStore,
    useTaskStore,
    useChangeChannel,
  });
  const set = [...made.values()];
  const started = Promise.all([...set, skills?.library]).then(ignore);
  started.catch(ignore); // who serves reports it

  const calls = new CallRegistry();
  const shared = { notify: notifyOn(bus), writeLog, sealer };
  const dispatch = new Dispatch({
    offer,
    writeLog,
    describeError: source.describeError,
    middleware: source.middleware,
    instanceOf: async ({ owner, home }: Definition) => owner && (await made.get(home))?.get(owner),
  });
  const principal = callers.kind === 'local' ? unverified : undefined;
  const store = started.then(() => taskStore);
  store.catch(ignore);
  const tasks = new Tasks({ offer, dispatch, calls, shared, bus, principal, store });
  const connection: ConnectSource = {
    ...shared,
    tasks,
    information: {
      name,
      version,
      ...(title !== undefined && { title }),
      ...(icons && { icons: icons as Implementation['icons'] }),
      ...(websiteUrl !== undefined && { websiteUrl }),
    },
    pageSize: source.pageSize,
    skills: offered.resources.has(SKILL_TEMPLATE) ? skills : undefined,
    cacheHints: listCacheHints(source.cache, offered, offer.shared),
    instructions: source.instructions,
    offer,
    principal,
    dispatch,
    calls,
    bus,
    async spendState(state) {
      await started; // the store is there then, if there is one
      await states.spend(state);
    },
  };
  let closing: Promise<void> | undefined;
  return {
    name,
    version,
    started,
    calls,
    bus,
    direct: new Direct(connection),
    tasks: offer.hasTasks ? tasks : undefined,
    connect: (request: McpRequestContext, adopt?: Adopt): McpServer => connect(connection, request, adopt),
    scopes: offer.scopes,
    expose: () => states.expose(name, offered),
    mayFollow: offer.limited ? (uri, authInfo) => offer.mayFollow(uri, authOf(authInfo)) : undefined,
    async ready(signal) {
      await started;
      await Promise.all(checks.map((check) => check(signal)));
    },
    close: () => (closing ??= Promise.allSettled(set).then(() => stack[Symbol.asyncDispose]())),
  };
}

function ignore(): void {}

function withSkills(definitions: Definitions, skills: OfferedSkills): Definitions {
  const files = skillResource(skills);
  checkEntry(files);
  if (definitions.resources.has(files.uri))
    throw new ConfigurationError(`MRT2004: two resources have the URI ${files.uri}; change or hide one.`);
  return { ...definitions, resources: new Map([...definitions.resources, [files.uri, files]]) };
}

const DEFAULT: Deployment = { callers: { kind: 'local', subject: 'local' } };

type Instances = ReadonlyMap<Class, object>;

/** Sets the server up, and what is mounted into it, beside the serving: no handshake waits for it, a call does. */
function instancesOf(
  own: Pick<Home, 'setup'>,
  definitions: Definitions,
  source: SetupSource,
): ReadonlyMap<Home | undefined, Promise<Instances>> {
  const owners = new Map<Home | undefined, Set<Class>>([[undefined, new Set()]]);
  for (const { home, owner } of entriesOf(definitions)) {
    const classes = owners.get(home) ?? new Set();
    owners.set(home, owner ? classes.add(owner) : classes);
  }
  const instances = [...owners].map(([home, classes]) => {
    const setUp = async (): Promise<Instances> => instancesByClass([await (home ?? own).setup(source)].flat(), classes);
    return [home, setUp()] as const;
  });
  return new Map(instances);
}

function instancesByClass(made: readonly object[], owners: ReadonlySet<Class>): Instances {
  const found = new Map<Class, object>();
  for (const owner of owners) {
    const [instance, another] = made.filter((each) => each instanceof owner);
    if (!instance)
      throw new ConfigurationError(`MRT2005: setup returns no instance of ${owner.name}, which is in the surface.`);
    if (another) throw new ConfigurationError(`MRT2006: setup returns two instances of ${owner.name}; return one.`);
    found.set(owner, instance);
  }
  for (const instance of made) {
    if (![...found.values()].includes(instance)) {
      const { name } = instance.constructor;
      throw new ConfigurationError(`MRT2001: ${name} is not in the surface. Run: mortise infer`);
    }
  }
  return found;
}
