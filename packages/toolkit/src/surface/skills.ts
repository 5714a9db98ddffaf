import type { AccessOptions } from '../define/access.ts';
import type { CacheOptions } from '../define/caching.ts';
import type { ListedResource } from '../define/definitions.ts';
import type { FileContent } from '../dispatch/resource-result.ts';

/** Who may have the skills, and for how long clients may keep them. */
export interface SkillsOptions extends AccessOptions {
  readonly cache?: CacheOptions;
}

/** What a client is told of a skill (SEP-2640): where it is, what it says of itself, and every file it has. */
export interface Skill {
  /** The URI of its `SKILL.md`. */
  readonly uri: string;
  readonly frontmatter: { readonly name: string; readonly description: string; readonly [field: string]: unknown };
  readonly resources: readonly { readonly uri: string; readonly digest: string; readonly size: number }[];
}

/** Skills that were loaded. */
export interface SkillLibrary {
  /** By URI. */
  readonly skills: readonly Skill[];
  /** What is directly in a folder; undefined for what is none. */
  folder(uri: string): readonly ListedResource[] | undefined;
  /** A file of a skill, by its path below all of them, such as `invoices/SKILL.md`; undefined for what is none. */
  read(path: string): Promise<FileContent | undefined>;
}

/** Skills that a server offers; made by `skillFolder` of `@mortise/toolkit/skills`. */
export interface Skills {
  readonly options: SkillsOptions;
  /** Loads them, once for each start; a ConfigurationError ends the start. */
  load(): Promise<SkillLibrary>;
}

/** Where every file of every skill is. */
export const SKILL_TEMPLATE = 'skill://{+path}';
