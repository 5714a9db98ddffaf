import { existsSync } from 'node:fs';
import path from 'node:path';

import { defineConfig } from 'vitepress';

import { servers, writeServerPages } from './server-pages.ts';

writeServerPages();

const docs = path.resolve(import.meta.dirname, '..');
const repository = 'https://github.com/mortise/mortise';

const page = (text: string, link: string): { text: string; link: string } => ({ text, link: `/${link}` });

// docs/ is read in the repository too, where a link may lead to any file: on the site those lead to the repository
function outward(href: string, from: string): string | undefined {
  if (/^[a-z]+:|^[#/]/.test(href)) return undefined;
  const [file = ''] = href.split('#');
  const target = path.relative(docs, path.resolve(docs, path.dirname(from), file));
  if (!target.startsWith('..') && !target.startsWith('decisions')) return undefined;
  const inRepository = path.relative(path.dirname(docs), path.resolve(docs, target));
  if (!existsSync(path.resolve(docs, target))) throw new Error(`${from}: there is no ${href}`);
  return `${repository}/blob/main/${inRepository}`;
}

// oxlint-disable-next-line import/no-default-export -- where VitePress looks for it
export default defineConfig({
  title: 'Mortise',
  description: 'A business system in front of an AI agent, as one TypeScript class',
  cleanUrls: true,
  srcExclude: ['decisions/**'],
  markdown: {
    config: (markdown) => {
      const links = markdown.renderer.rules['link_open'];
      markdown.renderer.rules['link_open'] = (tokens, index, options, environment: { relativePath: string }, self) => {
        const token = tokens[index];
        const away = outward(token?.attrGet('href') ?? '', environment.relativePath);
        if (away !== undefined) token?.attrSet('href', away);
        return links?.(tokens, index, options, environment, self) ?? self.renderToken(tokens, index, options);
      };
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    sidebar: [
      { text: 'Servers', items: servers.map((server) => page(server, `servers/${server}`)) },
      {
        text: 'Use',
        items: [
          page('Deployment', 'deployment'),
          page('Containers', 'containers'),
          page('More than one process', 'scaling'),
          page('Kubernetes', 'kubernetes'),
          page('Your own database', 'your-own-database'),
          page('Authentication and scopes', 'auth'),
          page('OpenAI Agents SDK', 'agents-sdk'),
          page('How fast it is', 'performance'),
          page('How filesystem-readonly is attacked', 'filesystem-security'),
        ],
      },
      {
        text: 'Write',
        items: [
          page('Your first server', 'your-first-server'),
          page('Tools', 'tools'),
          page('Prompts', 'prompts'),
          page('Resources', 'resources'),
          page('Types to schemas', 'schemas'),
          page('Errors', 'errors'),
          page('Context', 'context'),
          page('Elicitation', 'elicitation'),
          page('Tasks', 'tasks'),
          page('Middleware', 'middleware'),
          page('Composition', 'composition'),
          page('Skills', 'skills'),
          page('Testing', 'testing'),
          page('The command mortise', 'cli'),
          page('What may go wrong', 'robustness'),
          page('Releases and packages', 'releasing'),
        ],
      },
      {
        text: 'Come over',
        items: [
          page('from FastMCP (Python)', 'migrating-from-fastmcp-python'),
          page('from fastmcp (TypeScript)', 'migrating-from-fastmcp-typescript'),
          page('from the MCP SDK', 'migrating-from-the-sdk'),
        ],
      },
    ],
  },
});
