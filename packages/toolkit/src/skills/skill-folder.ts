import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { SkillCatalogError } from '@modelcontextprotocol/server/ext/skills';
import { loadSkills, nodeSkillFiles } from '@modelcontextprotocol/server/ext/skills/node';

import { ConfigurationError } from '../define/configuration-error.ts';
import type { ListedResource } from '../define/definitions.ts';
import { FileContent } from '../dispatch/resource-result.ts';
import { reasonOf } from '../serve/report.ts';
import type { Skill, SkillLibrary, Skills, SkillsOptions } from '../surface/skills.ts';

/**
 * Offers every skill of a folder: each is a folder of its own with a `SKILL.md` and whatever that refers to
 * (SEP-2640). They are read once, when the server starts.
 *
 * ```ts
 * createServer({ name, version, skills: skillFolder(new URL('../skills/', import.meta.url), { public: true }) });
 * ```
 * @param folder - A path, from where the process started, or a `file:` URL
 * @param options - Who may have them; where callers are authenticated, nobody may unless this says so
 */
export function skillFolder(folder: string | URL, options: SkillsOptions = {}): Skills {
  return { options, load: () => load(folder instanceof URL ? fileURLToPath(folder) : folder) };
}

/** @throws ConfigurationError MRT2015 that names the file and what is wrong with it */
async function load(folder: string): Promise<SkillLibrary> {
  const catalog = await loadSkills(folder, { strict: true, onWarning: ignore }).catch((error: unknown) => {
    const [problem] = SkillCatalogError.isInstance(error) ? error.problems : [];
    const what = problem ? `${problem.path}: ${problem.message.replace(' (skill skipped)', '')}` : reasonOf(error);
    throw new ConfigurationError(`MRT2015: the skills in ${folder} cannot be offered: ${what}`);
  });
  const skills = catalog.entries as readonly Skill[]; // of a folder, so that none is 'dynamic'
  if (skills.length === 0) {
    throw new ConfigurationError(`MRT2015: ${folder} holds no skill; a skill is a folder with a SKILL.md in it.`);
  }
  const files = nodeSkillFiles(folder);
  const digests = new Map(skills.flatMap(({ resources }) => resources.map(({ uri, digest }) => [pathOf(uri), digest])));
  const folders = foldersOf(skills);
  return {
    skills,
    folder: (uri) => folders.get(URL.parse(uri)?.href ?? ''),
    async read(path) {
      const digest = digests.get(path);
      if (digest === undefined) return undefined;
      const bytes = await files.read(path);
      // a client checks it too, and would only learn that something is wrong
      if (digest !== `sha256:${createHash('sha256').update(bytes).digest('hex')}`) {
        throw new Error(`the skill file ${path} has changed since the server started; start it again`);
      }
      return contentOf(path, bytes);
    },
  };
}

function ignore(): void {}

function pathOf(uri: string): string {
  return decodeURIComponent(uri.slice('skill://'.length));
}

function contentOf(path: string, bytes: Uint8Array): FileContent {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return new FileContent(text, isMarkdown(path) ? 'text/markdown' : 'text/plain');
  } catch {
    return new FileContent(bytes, 'application/octet-stream');
  }
}

/** Every folder of a skill, with the files and folders in it. */
function foldersOf(skills: readonly Skill[]): ReadonlyMap<string, readonly ListedResource[]> {
  const folders = new Map<string, Map<string, ListedResource>>();
  for (const { uri: manifest, resources } of skills) {
    for (const { uri, size } of resources) {
      let child: ListedResource = {
        uri,
        name: nameOf(uri),
        size,
        ...(isMarkdown(uri) && { mimeType: 'text/markdown' }),
      };
      while (child.uri !== folderOf(manifest)) {
        const parent = folderOf(child.uri);
        const children = folders.get(parent) ?? new Map<string, ListedResource>();
        folders.set(parent, children.set(child.uri, child));
        child = { uri: parent, name: nameOf(parent), mimeType: 'inode/directory' };
      }
    }
  }
  const sorted = [...folders].map(([uri, children]) => [uri, [...children.values()].toSorted(byUri)] as const);
  return new Map(sorted);
}

function byUri(a: ListedResource, b: ListedResource): number {
  return a.uri < b.uri ? -1 : 1;
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}

function nameOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}

function isMarkdown(path: string): boolean {
  return path.endsWith('.md');
}
