import { ProtocolError, ProtocolErrorCode, type McpServer, type ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';

import type { Auth, Era } from '../context/context.ts';
import { cacheHintOf, type CacheHint } from '../define/caching.ts';
import { NotFoundError } from '../define/errors.ts';
import { functionResource } from '../surface/define.ts';
import type { ResourceDefinition } from '../surface/definition.ts';
import { SKILL_TEMPLATE, type SkillLibrary, type SkillsOptions } from '../surface/skills.ts';
import type { Offer } from './offer.ts';
import { pageOf } from './pages.ts';

/** How the extension calls itself (SEP-2640). */
export const SKILLS_EXTENSION = 'io.modelcontextprotocol/skills';

/** The files of the skills, as a resource like any other: listed, read and guarded in the same way. */
export function skillResource({ options, library }: OfferedSkills): ResourceDefinition {
  const definition = {
    ...options,
    name: 'skill_file',
    description: 'A file of a skill, such as its SKILL.md.',
    list: async () => {
      const { skills } = await library;
      return skills.map(({ uri, frontmatter: { name, description }, resources }) => {
        const size = resources.find((file) => file.uri === uri)?.size;
        return { uri, name, description, mimeType: 'text/markdown', ...(size !== undefined && { size }) };
      });
    },
  };
  return functionResource(SKILL_TEMPLATE, definition, async ({ path = '' }) => {
    const file = await (await library).read(path);
    if (file) return file;
    throw new NotFoundError(`No skill has the file ${path}.`, { hint: 'List the skills for those there are.' });
  });
}

/** Skills that are on offer. */
export interface OfferedSkills {
  readonly options: SkillsOptions;
  readonly library: Promise<SkillLibrary>;
}

/** What serves the methods of the extension on one connection. */
export interface SkillMethods {
  readonly skills: OfferedSkills;
  readonly offer: Offer;
  readonly pageSize: number | undefined;
  readonly callerOf: (request: ServerContext) => Auth | undefined;
}

const LIST = z.looseObject({ cursor: z.string().optional() });
const GET = z.looseObject({ uri: z.string() });
const READ = z.looseObject({ uri: z.string(), cursor: z.string().optional() });

/** Serves `skills/list`, `skills/get` and `resources/directory/read`. */
export function serveSkills({ server }: McpServer, era: Era, source: SkillMethods): void {
  const { skills: offered, offer, pageSize, callerOf } = source;
  const { cache = { seconds: 0 } } = offered.options;
  const hint: Partial<CacheHint> = era === '2026' ? cacheHintOf(cache, offer.shared) : {};
  /** None for a caller to whom there are none. */
  const libraryFor = async (request: ServerContext): Promise<SkillLibrary | undefined> => {
    const auth = callerOf(request);
    const files = offer.defined(SKILL_TEMPLATE, auth);
    if (files && !offer.isAllowed(files, auth)) {
      const needed = files.options.scopes?.join(' ');
      throw new ProtocolError(ProtocolErrorCode.InvalidRequest, `The skills need the scopes ${needed}.`);
    }
    return files && (await offered.library);
  };

  server.setRequestHandler('skills/list', { params: LIST }, async ({ cursor }, request) => {
    const all = (await libraryFor(request))?.skills ?? [];
    const { items: skills, ...more } = pageOf(all, ({ uri }) => uri, pageSize, cursor);
    return { skills, ...more, ...hint };
  });
  server.setRequestHandler('skills/get', { params: GET }, async ({ uri }, request) => {
    const skill = (await libraryFor(request))?.skills.find((each) => each.uri === URL.parse(uri)?.href);
    if (!skill) throw unknown(`No skill is at ${uri}. List the skills for those there are.`);
    return { skill, ...hint };
  });
  server.setRequestHandler('resources/directory/read', { params: READ }, async ({ uri, cursor }, request) => {
    const children = (await libraryFor(request))?.folder(uri);
    if (!children) throw unknown(`No folder of a skill is at ${uri}.`);
    const { items: resources, ...more } = pageOf(children, (child) => child.uri, pageSize, cursor);
    return { resources, ...more, ...hint };
  });
}

function unknown(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
