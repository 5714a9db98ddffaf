import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { inferProject, type JsonSchema, type SurfaceClass } from '@mortise/infer';

/** The servers that have a page. */
export const servers = ['customer-db', 'orders', 'filesystem-readonly'];

/** Writes a page for each server from its surface. They are not committed, so that they cannot fall behind. */
export function writeServerPages(): void {
  const folder = path.resolve(import.meta.dirname, '../servers');
  mkdirSync(folder, { recursive: true });
  for (const server of servers) writeFileSync(path.join(folder, `${server}.md`), page(server));
}

function page(server: string): string {
  const directory = path.resolve(import.meta.dirname, '../../servers', server);
  const { classes, outcome } = inferProject({ directory, check: true });
  if (outcome !== 'current') throw new Error(`the surface of ${server} is ${outcome}. Run: mortise infer`);
  const sections = [...tools(classes), ...resources(classes), ...prompts(classes)];
  return `# ${server}\n\nHow to run it: its [README](../../servers/${server}/README.md).\n\n${sections.join('\n\n')}\n`;
}

function tools(classes: readonly SurfaceClass[]): string[] {
  const entries = classes.flatMap(({ surface, options }) =>
    (surface.tools ?? []).map((tool) => ({ ...tool, options: options[tool.method] ?? {} })),
  );
  return entries.map(({ method, description, input, options }) => {
    const marks = [
      options['readOnly'] && 'reads only',
      options['destructive'] && 'destroys',
      options['idempotent'] && 'may be repeated',
    ];
    const words = marks.filter(Boolean).join(', ');
    return [`## ${method}`, words && `*${words}*`, text(description ?? ''), argumentsOf(input)]
      .filter(Boolean)
      .join('\n\n');
  });
}

function resources(classes: readonly SurfaceClass[]): string[] {
  const rows = classes.flatMap(({ surface }) =>
    (surface.resources ?? []).map(({ uri, description }) => `| ${code(uri ?? '')} | ${cell(description ?? '')} |`),
  );
  return rows.length === 0 ? [] : [`## Resources\n\n| URI | What |\n| --- | --- |\n${rows.join('\n')}`];
}

function prompts(classes: readonly SurfaceClass[]): string[] {
  const entries = classes.flatMap(({ surface }) => surface.prompts ?? []);
  const parts = entries.map(({ method, description, input }) =>
    [`### ${method}`, text(description ?? ''), argumentsOf(input)].filter(Boolean).join('\n\n'),
  );
  return parts.length === 0 ? [] : [`## Prompts\n\n${parts.join('\n\n')}`];
}

function argumentsOf(input: JsonSchema | undefined): string {
  const properties = Object.entries((input?.['properties'] ?? {}) as Record<string, JsonSchema>);
  if (properties.length === 0) return '';
  const required = (input?.['required'] ?? []) as readonly string[];
  const rows = properties.map(([name, schema]) => {
    const { description = '', default: value, ...rest } = schema;
    const must = required.includes(name) ? 'required' : value === undefined ? '' : code(JSON.stringify(value));
    return `| ${code(name)} | ${code(typeOf(rest))} | ${must} | ${cell(String(description))} |`;
  });
  return `| Argument | Type | Default | What |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}

/** As a reader of TypeScript would write it. */
function typeOf(schema: JsonSchema): string {
  const choices = schema['enum'] ?? ('const' in schema ? [schema['const']] : undefined);
  if (Array.isArray(choices)) return choices.map((each) => JSON.stringify(each)).join(' | ');
  const members = schema['anyOf'] as readonly JsonSchema[] | undefined;
  if (members) return members.map(typeOf).join(' | ');
  if (schema['type'] === 'array') return `${typeOf((schema['items'] ?? {}) as JsonSchema)}[]`;
  const limits = ['minimum', 'maximum', 'minLength', 'maxLength', 'format', 'pattern']
    .filter((keyword) => keyword in schema)
    .map((keyword) => `${keyword} ${String(schema[keyword])}`);
  const { type = 'any' } = schema as { type?: string };
  return [type, ...limits].join(', ');
}

/** Text of a comment: nothing in it is markup. */
function text(value: string): string {
  return value.replaceAll(/[<>{}]/g, (character) => `&#${character.codePointAt(0)};`);
}

function cell(value: string): string {
  return text(value)
    .replaceAll('|', String.raw`\|`)
    .replaceAll('\n', ' ');
}

function code(value: string): string {
  return `\`${value.replaceAll('|', String.raw`\|`)}\``;
}
