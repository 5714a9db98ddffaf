import type { StateStore } from '../context/state-store.ts';
import type { ChangeChannel } from '../dispatch/shared-changes.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import type { Awaitable } from '../define/definitions.ts';
import { ConfigurationError } from '../define/configuration-error.ts';
import type { MethodMiddleware, Middleware } from '../dispatch/middleware.ts';
import type { DescribeError } from '../dispatch/problem.ts';
import type { Callers, Program, Values } from '../serve/endpoint.ts';
import type { ResourceStack } from '../serve/resource-stack.ts';
import { Collection } from '../surface/collection.ts';
import type { Definition, Definitions } from '../surface/definition.ts';
import type { Skills } from '../surface/skills.ts';
import { prefixed, type Transform } from './transforms.ts';

/** Rejects when the server cannot do its work now; `signal` fires when the answer comes too late. */
export type ReadyCheck = (signal: AbortSignal) => Promise<void>;

/** What a setup is told. */
export interface SetupSource {
  readonly stack: ResourceStack;
  readonly values: Values;
  readonly operands: readonly string[];
  readonly callers: Callers['kind'];
  readonly onReady: (check: ReadyCheck) => void;
  readonly useStateStore: (store: StateStore) => void;
  readonly useTaskStore: (store: TaskStore) => void;
  readonly useChangeChannel: (channel: ChangeChannel) => Promise<void>;
}

/** What of a server stands around the calls of its definitions, wherever they are served. */
export interface Home {
  readonly middleware: readonly (Middleware | MethodMiddleware)[];
  readonly describeError: DescribeError | undefined;
  /** Makes the instances; runs once for each start and mount. */
  setup(source: SetupSource): Awaitable<object | readonly object[]>;
}

/** A server, as those see it that mount it. */
export interface Part extends Home {
  readonly name: string;
  readonly definitions: Definitions;
  readonly mounts: readonly Mount[];
  readonly skills: Skills | undefined;
  /** Its own command line, without that of what is mounted. */
  readonly program: Pick<Program, 'options' | 'commands' | 'operands' | 'verifier'>;
  /** @throws ConfigurationError for what is wrong with its definitions */
  assertSound(): void;
}

/** A server within another one. */
export interface Mount {
  readonly prefix: string;
  readonly part: Part;
  readonly transforms: readonly Transform[];
}

/**
 * Everything that a server offers, with what is mounted into it. What came from a mounted server knows its home.
 * @throws ConfigurationError MRT2003 or MRT2004 for names that are too long or collide, MRT2016 for a transform of what is not there
 */
export function composed(part: Part, home?: Home): Definitions {
  part.assertSound();
  if (part.mounts.length === 0 && !home) return part.definitions;
  const all = new Collection();
  all.addAll(home ? withHome(part.definitions, home) : part.definitions);
  for (const mount of part.mounts) {
    const offered = composed(mount.part, homeOf(mount.part, home));
    const transformed = mount.transforms.reduce((current, transform) => transform(current), offered);
    all.addAll(mount.prefix === '' ? transformed : prefixed(mount.prefix)(transformed));
  }
  return all;
}

/** A home of its own for each mount: two mounts of one server share nothing. */
function homeOf(part: Part, parent: Home | undefined): Home {
  return {
    middleware: [...(parent?.middleware ?? []), ...part.middleware],
    describeError: (error) => part.describeError?.(error) ?? parent?.describeError?.(error),
    setup: (source) => part.setup(source),
  };
}

function withHome({ tools, prompts, resources }: Definitions, home: Home): Definitions {
  const at = <D extends Definition>(all: ReadonlyMap<string, D>): ReadonlyMap<string, D> =>
    new Map([...all].map(([key, definition]) => [key, { ...definition, home }]));
  return { tools: at(tools), prompts: at(prompts), resources: at(resources) };
}

/** The skills that a server or something in it offers. */
export function composedSkills(part: Part): Skills | undefined {
  const [skills, another] = partsOf(part).flatMap((each) => each.skills ?? []);
  if (another)
    throw new ConfigurationError(
      `MRT2017: ${part.name} and what it mounts offer skills twice; put them into one folder.`,
    );
  return skills;
}

/**
 * The command line of a server with what is mounted into it. An option that several have is one, if they mean the same
 * by it; commands get the prefix of their mount.
 * @throws ConfigurationError MRT2017 where two of them cannot be told apart
 */
export function composedProgram(part: Part): Part['program'] {
  const options: Record<string, Program['options'][string]> = { ...part.program.options };
  const commands: Record<string, Program['commands'][string]> = { ...part.program.commands };
  let { operands, verifier } = part.program;
  for (const { prefix, part: mounted } of part.mounts) {
    const inner = composedProgram(mounted);
    for (const [name, option] of Object.entries(inner.options)) {
      const known = options[name];
      if (known && (known.type !== option.type || known.environment !== option.environment)) {
        throw new ConfigurationError(
          `MRT2017: --${name} means two things in ${part.name} and ${mounted.name}; rename one.`,
        );
      }
      options[name] ??= option;
    }
    for (const [name, command] of Object.entries(inner.commands)) {
      const full = prefix === '' ? name : `${prefix}_${name}`;
      if (commands[full]) throw new ConfigurationError(`MRT2017: ${part.name} has two commands ${full}; rename one.`);
      commands[full] = command;
    }
    if (operands && inner.operands) {
      throw new ConfigurationError(
        `MRT2017: ${part.name} and ${mounted.name} both take words; mount only one of them.`,
      );
    }
    operands ??= inner.operands;
    if (inner.verifier && !verifier) {
      throw new ConfigurationError(
        `MRT2017: ${mounted.name} checks tokens, which ${part.name} would not; give ${part.name} a verifier.`,
      );
    }
  }
  return { options, commands, operands, verifier };
}

/** A server and everything in it. */
export function partsOf(part: Part): readonly Part[] {
  return [part, ...part.mounts.flatMap((mount) => partsOf(mount.part))];
}
