import type { OptionDefinition, Program } from './endpoint.ts';
import {
  ALWAYS_OPTIONS,
  AUTH_OPTIONS,
  HEALTH_DESCRIPTION,
  HEALTH_OPTIONS,
  OFFER_OPTIONS,
  PRINCIPAL_OPTIONS,
  SERVE_OPTIONS,
} from './own-options.ts';

const WIDTH = 80;
const INDENT = 2;
const LEAST_TEXT_WIDTH = 40;

type Row = readonly [label: string, text: string];

/** The text of `--help`, at most 80 columns wide. */
export function helpText(program: Program): string {
  const { name, version, description, options, commands, operands } = program;
  const own = Object.entries(options).map(optionRow);
  const commandRows = Object.entries(commands).map(([command, definition]): Row => [command, definition.description]);
  return [
    `${name} ${version}`,
    ...(description === undefined ? [] : wrap(description, WIDTH)),
    '',
    `Usage: ${name} [options]${operands ? ` <${operands.placeholder}>…` : ''}`,
    `       ${name} <command> [options]`,
    '',
    'Serves MCP over stdio unless --http is given.',
    ...(operands ? wrap(`<${operands.placeholder}>… ${operands.description}`, WIDTH) : []),
    ...section('Options', [...Object.entries(SERVE_OPTIONS), ...Object.entries(ALWAYS_OPTIONS)].map(optionRow)),
    ...(own.length > 0 ? section(`Options of ${name}`, own) : []),
    ...section('What is offered', Object.entries(OFFER_OPTIONS).map(optionRow)),
    ...section('Who may call over HTTP', Object.entries(AUTH_OPTIONS).map(optionRow)),
    ...section('Who calls over stdio', Object.entries(PRINCIPAL_OPTIONS).map(optionRow)),
    ...section('Commands', [...commandRows, ['health', HEALTH_DESCRIPTION]]),
    ...Object.entries(commands).flatMap(([command, { options: ownOptions }]) =>
      ownOptions ? section(`Options of ${command}`, Object.entries(ownOptions).map(optionRow)) : [],
    ),
    ...section('Options of health', Object.entries(HEALTH_OPTIONS).map(optionRow)),
    '',
  ].join('\n');
}

function optionRow([name, { placeholder, description, type, environment }]: [string, OptionDefinition]): Row {
  const value = type === 'string' ? ` <${placeholder ?? 'text'}>` : '';
  return [`--${name}${value}`, environment === undefined ? description : `${description} (${environment})`];
}

function section(title: string, rows: readonly Row[]): string[] {
  const widest = Math.max(...rows.map(([label]) => label.length));
  const start = Math.min(INDENT + widest + INDENT, WIDTH - LEAST_TEXT_WIDTH);
  return ['', `${title}:`, ...rows.flatMap(([label, text]) => row(label, text, start))];
}

function row(label: string, text: string, start: number): string[] {
  const head = ' '.repeat(INDENT) + label;
  const lines = wrap(text, WIDTH - start).map((line) => ' '.repeat(start) + line);
  return head.length + INDENT > start
    ? [head, ...lines]
    : [head + (lines[0] ?? '').slice(head.length), ...lines.slice(1)];
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/u)) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
