import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatDiagnostic, inferProject } from '@mortise/infer';

import { UsageError, type Command, type ExitCode, type Terminal } from '../command.ts';
import { connect, type Era } from '../connect/connect.ts';
import { offersOf } from '../connect/offers.ts';
import { targetOf } from '../connect/target.ts';
import { announce, withProgress } from '../progress.ts';

const options = { json: { type: 'boolean', default: false } } as const;
const eras: readonly Era[] = ['2025-11-25', '2026-07-28'];

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Proves that a server's folder is fit to be released. */
export const check: Command = {
  usage: 'mortise check [dir] [--json]',
  summary: 'prove that a server is fit to be released',
  help: `Checks the server in dir (default: here):

  surface      src/surface.gen.ts is up to date, and nothing about it is left to be desired (--strict)
  2025-11-25   the server starts and answers clients of this revision of MCP
  2026-07-28   and those of this one
  same offers  both are offered the same
  described    every tool, prompt and argument of a tool has a description

  --json       print the findings as JSON

Exit code: 0 all well, 1 something has to be mended, 2 wrong usage`,
  options,

  async run(parameters: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parseArgs({ args: [...parameters], allowPositionals: true, options });
    if (positionals.length > 1) throw new UsageError(`one folder at a time, not ${positionals.join(' ')}`);
    const directory = path.resolve(terminal.directory, positionals[0] ?? '.');
    announce(terminal, 'reading the types');
    const findings = [surfaceOf(directory, terminal), ...(await answersOf(directory, terminal))];
    terminal.out(
      values.json
        ? JSON.stringify(findings, null, 2)
        : findings
            .map(({ check: name, ok, detail }) => `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${detail}`)
            .join('\n'),
    );
    return findings.every(({ ok }) => ok) ? 0 : 1;
  },
};

function surfaceOf(directory: string, terminal: Terminal): Finding {
  const { outcome, diagnostics } = inferProject({ directory, check: true, strict: true });
  const problems = diagnostics.map((each) => formatDiagnostic(each, terminal.directory));
  const ok = outcome === 'current' && problems.length === 0;
  return {
    check: 'surface',
    ok,
    detail: ok ? 'is up to date' : problems.join('\n') || `${outcome}: run mortise infer`,
  };
}

async function answersOf(directory: string, terminal: Terminal): Promise<Finding[]> {
  const findings: Finding[] = [];
  const offered = new Map<Era, string>();
  let lacking: string[] = [];
  for (const era of eras) {
    try {
      const opening = connect(targetOf(directory, terminal.directory), terminal, { era });
      const connection = await withProgress(terminal, 'waiting for the server', opening);
      try {
        const offers = await offersOf(connection.client);
        const { tools, prompts, resources, templates } = offers;
        offered.set(era, JSON.stringify([tools, prompts, resources, templates].map((list) => list.map(nameOf))));
        lacking = undescribed(offers);
        const sum = `${tools.length} tools, ${prompts.length} prompts, ${resources.length + templates.length} resources`;
        findings.push({ check: era, ok: true, detail: sum });
      } finally {
        await connection[Symbol.asyncDispose]();
      }
    } catch (error) {
      findings.push({ check: era, ok: false, detail: (error as Error).message });
    }
  }
  if (offered.size < eras.length) return findings;
  const same = new Set(offered.values()).size === 1;
  return [
    ...findings,
    { check: 'same offers', ok: same, detail: same ? 'in both' : 'what is listed depends on the client' },
    {
      check: 'described',
      ok: lacking.length === 0,
      detail: lacking.length === 0 ? 'everything' : `write a comment for ${lacking.join(', ')}`,
    },
  ];
}

function nameOf(item: { readonly name: string }): string {
  return item.name;
}

function undescribed({ tools, prompts }: Awaited<ReturnType<typeof offersOf>>): string[] {
  const bare = [...tools, ...prompts].filter(({ description = '' }) => description === '').map(({ name }) => name);
  const parameters = tools.flatMap(({ name, inputSchema }) =>
    Object.entries((inputSchema.properties ?? {}) as Record<string, { description?: string }>)
      .filter(([, property]) => (property.description ?? '') === '')
      .map(([parameter]) => `${name}.${parameter}`),
  );
  return [...bare, ...parameters];
}
