/** The two pages of the documentation that are written from the tables of this folder, so that they cannot lie. */
import { codes, type Entry, type JsonSchema } from '../src/index.ts';
import type { Position } from './positions/position.ts';
import type { Shape } from './shapes/index.ts';

const introduction = `# From TypeScript to JSON Schema

What \`mortise infer\` makes of each construct of TypeScript. This page is written from the table that the tests of
\`packages/infer\` run: every schema on it is what the command gives, and every one of them was asked by two validators to
accept and reject sample values.

## The rules

- The order is yours: of properties, of the members of a union, of \`keyof\` and of an enum.
- Objects are closed at every depth, those that go in and those that come out: a misspelt argument is an error, and a
  column that the result type does not name never leaves.
- Everything is inlined. Only a type that contains itself becomes a \`$defs\`.
- \`default\` is what the parameter's default is, if it is a constant; the argument is then optional. A default that is
  computed (\`Date.now()\`) makes the argument optional and is not shown.
- A \`Date\` is text in the form of RFC 3339; the method gets a \`Date\`, and gives one back.
- What has no exact schema is refused, with file, line and fix: see [errors.md](errors.md).

## What becomes a description

| You write | The model reads |
| --- | --- |
| the comment of the method, with \`@remarks\` | the description of the tool, prompt or resource |
| \`@param name - …\`, also \`@param filter.tier - …\` | the description of the argument |
| the comment of a property | its description |
| the comment of a named type | the description where the property or parameter has none |
| \`@returns …\` | the description of the output schema |
| \`@deprecated …\` | \`deprecated\`, and the text |
| \`@example …\` on a property | \`examples\` |
| \`@default …\` on a property | \`default\` |
| \`@minimum 1\`, \`@maxLength 20\`, \`@pattern …\`, \`@format email\`, \`@asType integer\` … | the keyword of that name |
| \`{@minimum 1}\` in the text of a \`@param\` | the same |
| \`{@mcpHeader Region}\`, or \`@mcpHeader\` on a property | \`x-mcp-header\`: the client repeats it in that HTTP header |
| the labels of a tuple | \`title\` |
| the names and comments of enum members | a line in the description |
| \`{@link Name}\` | Name |
| \`{@inheritDoc}\`, or an override without a comment | the comment of what is overridden |
| \`@internal\` on a property | nothing: the property is left out |

A comment counts whether it stands before or after the decorator. The comments of members that a mapped type passed on
(\`Selectable<CustomerTable>\`, \`Pick<…>\`) are found where they were written.

`;

/** docs/schemas.md */
export function schemasPage(
  groups: Readonly<Record<string, readonly Shape[]>>,
  positions: Readonly<Record<string, readonly Position[]>>,
  entryOf: (id: string) => Entry,
): string {
  const types = Object.entries(groups).map(([title, shapes]) => {
    const short = shapes
      .filter((shape) => !shape.optional)
      .filter((shape) => isShort(shape, schemaOf(entryOf(shape.id))));
    const rows = short.map((shape) => `| ${code(shape.type)} | ${code(inline(schemaOf(entryOf(shape.id))))} |`);
    const table = rows.length > 0 ? `| Type | Schema |\n| --- | --- |\n${rows.join('\n')}\n` : '';
    const blocks = shapes
      .filter((shape) => !shape.optional && !short.includes(shape))
      .map(({ id, type, declarations = '', imports = '' }) =>
        block([ownImports(imports), declarations, `type Value = ${type};`], schemaOf(entryOf(id))),
      );
    return `## ${title}\n\n${[table, ...blocks].filter(Boolean).join('\n')}`;
  });
  const methods = Object.entries(positions).map(([title, list]) => {
    const blocks = list.map(({ id, declarations = '', comment, mark = '@tool()', method, base, gives }) => {
      const lines = comment ? `  /**\n${comment.map((line) => `   * ${line}\n`).join('')}   */\n` : '';
      const shown = base
        ? `${declarations}\n\nclass Example extends ${base} {}`
        : `${declarations}\n\nclass Example {\n${lines}  ${mark}\n  ${method.replace('run', id)}\n}`;
      return block([shown], gives as JsonSchema);
    });
    return `## ${title}\n\n${blocks.join('\n')}`;
  });
  return introduction + [...types, ...methods].join('\n');
}

/** docs/errors.md */
export function errorsPage(lines: readonly string[]): string {
  const sections = Object.entries(codes).map(([errorCode, meaning]) => {
    const example = lines.find((line) => line.includes(` ${errorCode}: `));
    return `### ${errorCode}\n\n${meaning}\n${example ? `\n\`\`\`text\n${example}\n\`\`\`\n` : ''}`;
  });
  return `# Errors

Every code that \`mortise infer\` prints, with an example, and those of a server that cannot start. Codes are stable. An error is one line that a terminal or
editor opens at the place it is about:

\`\`\`text
file:line:column - error MRTnnnn: what is wrong. fix: what to do.
\`\`\`

All errors are printed at once, at most three for one method. Nothing is written while there is an error. From MRT2001
on they are the codes of a server that cannot start: it prints one line with the fix, and exits with 1.

${sections.join('\n')}`;
}

function schemaOf({ input = {} }: Entry): JsonSchema {
  const { description: _, ...schema } = (input['properties'] as { value: JsonSchema }).value;
  const definitions = input['$defs'];
  return definitions ? { ...schema, $defs: definitions } : schema;
}

function isShort({ declarations, imports = '' }: Shape, schema: JsonSchema): boolean {
  return !declarations && !ownImports(imports) && inline(schema).length <= 90;
}

/** What stands in every example need not stand in each. */
function ownImports(imports: string): string {
  return imports.includes('@mortise/toolkit') ? '' : imports;
}

function block(parts: readonly string[], schema: JsonSchema): string {
  const text = parts.filter(Boolean).join('\n\n');
  return `\`\`\`ts\n${text.trim()}\n\`\`\`\n\n\`\`\`json\n${JSON.stringify(schema)}\n\`\`\`\n`;
}

function inline(schema: JsonSchema): string {
  return JSON.stringify(schema, null, 1).replaceAll(/\n\s*/g, ' ');
}

function code(text: string): string {
  const ticks = text.includes('`') ? '``' : '`';
  const space = ticks.length > 1 ? ' ' : '';
  return `${ticks}${space}${text.replaceAll('|', String.raw`\|`)}${space}${ticks}`;
}
