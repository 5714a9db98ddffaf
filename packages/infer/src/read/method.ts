import type { Program } from '../compiler/program.ts';
import type { MethodDeclaration, Node } from '../compiler/typescript.ts';
import type { Problems } from '../diagnostics.ts';
import { entryHash } from '../hash.ts';
import { SchemaBuilder } from '../schema/builder.ts';
import type { Documentation } from '../schema/tsdoc.ts';
import type { Entry } from '../surface.ts';
import { argumentsOf } from './arguments.ts';
import { asks } from './asks.ts';
import { datesIn } from './dates.ts';
import { checkHeaders } from './headers.ts';
import { requireFlat } from './flat.ts';
import { hasOption, type Mark } from './mark.ts';
import { outputOf, refuseAny } from './result.ts';
import { signatureOf, type MethodTypes, type Parameter } from './signature.ts';
import { bindVariables, uriOf } from './uri.ts';

/** A method that a mark stands on, in the class that offers it. */
export interface MarkedMethod {
  readonly name: string;
  readonly mark: Mark;
  readonly declaration: MethodDeclaration;
  readonly types: MethodTypes;
  readonly documentation: Documentation;
  /** The type arguments that an inheriting class gives; a literal of theirs may stand in the signature. */
  readonly around: readonly Node[];
}

type Call = Pick<Entry, 'parameters' | 'rest' | 'input' | 'dates'>;

/** The entry of a method; undefined when something about it is refused. */
export function entryOf(program: Program, method: MarkedMethod, problems: Problems): Entry | undefined {
  const { mark, name, declaration, documentation } = method;
  const { parameters, context, result } = signatureOf(program, method.types, declaration);
  const description = descriptionOf(documentation);
  if (!description) {
    const fix = 'write a TSDoc comment above the method: a model reads it to decide when to use it';
    problems.warning('MRT1080', declaration.name, '', `the ${mark.kind} has no description`, fix);
  }
  const uri = mark.kind === 'resource' ? uriOf(program, mark, problems) : undefined;
  const explicit = mark.kind === 'tool' && hasOption(mark, 'input');
  const call: Call = explicit ? { parameters: 'object' } : callOf(program, method, parameters, uri, problems);
  const output =
    mark.kind === 'prompt' || hasOption(mark, 'output') ? undefined : outputOf(program, method, result, problems);
  if (mark.kind === 'prompt') refuseAny(result, declaration, problems);
  if (problems.errors > 0) return undefined;
  const entry = {
    method: name,
    ...(uri !== undefined && { uri }),
    ...(description && { description }),
    parameters: call.parameters,
    ...(call.rest && { rest: call.rest }),
    ...(context !== undefined && { context, ...(asks(declaration, context) && { asks: true as const }) }),
    ...(call.input && { input: call.input }),
    ...(output && { output }),
    ...(call.dates?.length && { dates: call.dates }),
  };
  // a clone has no symbols: our notes in the schemas end here
  return structuredClone({ ...entry, hash: entryHash(entry) });
}

function callOf(
  program: Program,
  method: MarkedMethod,
  parameters: readonly Parameter[],
  uri: string | undefined,
  problems: Problems,
): Call {
  const { mark, declaration } = method;
  const builder = new SchemaBuilder(program, 'input', problems);
  const read = argumentsOf(builder, method, parameters);
  if (!read) return { parameters: [] };
  if (mark.kind !== 'tool') requireFlat(builder, read.input, mark.kind, parameters);
  if (uri !== undefined) bindVariables(read, uri, mark, problems);
  const place = { path: '', at: declaration.name, written: [] };
  checkHeaders(builder, builder.document(read.input), place);
  const dates = datesIn(builder, read.input, place);
  return { parameters: read.parameters, ...(read.rest && { rest: true }), input: builder.document(read.input), dates };
}

function descriptionOf({ text, tags }: Documentation): string {
  const notes = tags.flatMap(({ name, text: note }) => {
    if (name === 'deprecated') return [`Deprecated${note && `: ${note}`}`];
    return name === 'example' && note ? [`Example:\n${note}`] : [];
  });
  return [text, ...notes].filter(Boolean).join('\n\n');
}
