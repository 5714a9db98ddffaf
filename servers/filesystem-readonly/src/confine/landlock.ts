import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';

import { RootError } from './roots.ts';

// <linux/landlock.h>; the system calls have these numbers on every architecture
const CREATE_RULESET = 444;
const ADD_RULE = 445;
const RESTRICT_SELF = 446;
const CREATE_RULESET_VERSION = 1;
const RULE_PATH_BENEATH = 1;
const PR_SET_NO_NEW_PRIVS = 38;
const EXECUTE = 1n;
const READ_FILE = 4n;
const READ_DIR = 8n;
const O_PATH = 0o10000000;

/** The rights that each version of the kernel's interface knows; all of them are taken away but for the rules. */
function handledRights(version: number): bigint {
  const bits = version >= 5 ? 16n : version >= 3 ? 15n : version >= 2 ? 14n : 13n;
  return (1n << bits) - 1n;
}

/** What the bundled program needs of the system besides its own folder: Node, its libraries, and the descriptors. */
const SYSTEM = [
  '/usr',
  '/lib',
  '/lib64',
  '/bin',
  '/proc/self',
  '/proc/sys',
  '/dev/null',
  '/dev/urandom',
  '/sys/fs/cgroup',
];

/** The four system calls, as C functions. */
interface Calls {
  createRuleset(attributes: Buffer | null, size: number, flags: number): number;
  addRule(ruleset: number, type: number, rule: Buffer, flags: number): number;
  restrictSelf(ruleset: number, flags: number): number;
  prctl(option: number, value: number, a: number, b: number, c: number): number;
}

/**
 * Lets this thread, and every program it becomes, read these folders and what Node needs, and write nothing (landlock(7)).
 * What the kernel does not restrict is whether a path outside exists.
 * @throws RootError without Landlock in the kernel, or without the package koffi to call it
 */
export function restrictWithLandlock(folders: readonly string[]): void {
  const calls = foreignCalls();
  const version = calls.createRuleset(null, 0, CREATE_RULESET_VERSION);
  if (version < 1) throw new RootError('--sandbox landlock needs a Linux kernel with Landlock switched on.');
  const attributes = Buffer.alloc(8);
  attributes.writeBigUInt64LE(handledRights(version));
  const ruleset = calls.createRuleset(attributes, attributes.length, 0);
  if (ruleset < 0) throw new RootError('--sandbox landlock: the kernel refuses a ruleset.');
  const allow = (path: string, rights: bigint): void => {
    if (!existsSync(path)) return;
    const descriptor = openSync(path, O_PATH);
    const rule = Buffer.alloc(12);
    rule.writeBigUInt64LE(statSync(path).isDirectory() ? rights : rights & ~READ_DIR);
    rule.writeInt32LE(descriptor, 8);
    const failed = calls.addRule(ruleset, RULE_PATH_BENEATH, rule, 0) < 0;
    closeSync(descriptor);
    if (failed) throw new RootError('--sandbox landlock: the kernel refuses a rule.');
  };
  for (const folder of folders) allow(folder, READ_FILE | READ_DIR);
  for (const path of [...SYSTEM, process.execPath]) allow(path, READ_FILE | READ_DIR | EXECUTE);
  calls.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (calls.restrictSelf(ruleset, 0) < 0) throw new RootError('--sandbox landlock: the kernel refuses.');
}

interface Koffi {
  load(path: null): { func(prototype: string): (...values: unknown[]) => number };
}

/** Node cannot make these calls itself; koffi is an optional package because only this needs it. */
function foreignCalls(): Calls {
  let koffi: Koffi;
  try {
    koffi = createRequire(import.meta.url)('koffi') as Koffi;
  } catch {
    throw new RootError(
      '--sandbox landlock needs the package koffi: npx -p @mortise/filesystem-readonly -p koffi filesystem-readonly …',
    );
  }
  const c = koffi.load(null);
  const create = c.func('long syscall(long number, void *attributes, size_t size, uint32_t flags)');
  const add = c.func('long syscall(long number, int ruleset, int type, void *rule, uint32_t flags)');
  const restrict = c.func('long syscall(long number, int ruleset, uint32_t flags)');
  const prctl = c.func('int prctl(int option, unsigned long value, unsigned long a, unsigned long b, unsigned long c)');
  return {
    createRuleset: (attributes, size, flags) => create(CREATE_RULESET, attributes, size, flags),
    addRule: (ruleset, type, rule, flags) => add(ADD_RULE, ruleset, type, rule, flags),
    restrictSelf: (ruleset, flags) => restrict(RESTRICT_SELF, ruleset, flags),
    prctl: (option, value, ...rest) => prctl(option, value, ...rest),
  };
}
