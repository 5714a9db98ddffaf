import type { Program } from '../compiler/program.ts';
import type { Problems } from '../diagnostics.ts';
import type { Arguments } from './arguments.ts';
import { constantOf } from './constant.ts';
import type { Mark } from './mark.ts';

/** The URI or URI template that a resource is marked with. */
export function uriOf(program: Program, mark: Mark, problems: Problems): string | undefined {
  const [argument] = mark.arguments;
  const uri = argument && constantOf(program, argument);
  if (typeof uri !== 'string') {
    const fix = 'write it as a string, or as a const that holds one';
    problems.error('MRT1070', argument ?? mark.at, '', 'the URI of the resource is not a constant', fix);
    return undefined;
  }
  if (!/^[a-z][a-z\d+.-]*:/i.test(uri)) {
    problems.error(
      'MRT1071',
      argument ?? mark.at,
      '',
      `${uri} does not begin with a scheme`,
      'write it as scheme://path',
    );
    return undefined;
  }
  return uri;
}

/** Each variable of the template is a parameter of the same name, and each parameter a variable. */
export function bindVariables({ parameters, input }: Arguments, uri: string, { at }: Mark, problems: Problems): void {
  const names = parameters === 'object' ? Object.keys(input['properties'] ?? {}) : parameters;
  const variables = variablesOf(uri);
  if (!variables) {
    const fix = 'write each variable as {name}, {+name}, {/name} or {?name,other}';
    problems.error('MRT1071', at, '', `${uri} is not a URI template`, fix);
    return;
  }
  for (const variable of variables.filter((each) => !names.includes(each))) {
    const fix =
      names.length > 0
        ? `name one of the parameters so (${names.join(', ')})`
        : `add the parameter ${variable}: string`;
    problems.error('MRT1072', at, '', `the variable {${variable}} of ${uri} is no parameter`, fix);
  }
  for (const name of names.filter((each) => !variables.includes(each))) {
    problems.error(
      'MRT1072',
      at,
      '',
      `the parameter ${name} is no variable of ${uri}`,
      `add {${name}} to the URI, or remove it`,
    );
  }
}

/** The variables of an RFC 6570 template, in their order; undefined where it is malformed. */
function variablesOf(template: string): string[] | undefined {
  const variables: string[] = [];
  const rest = template.replaceAll(/\{[+#./;?&]?([^{}]*)\}/g, (_, list: string) => {
    for (const part of list.split(',')) {
      const name = /^(\w+)(?:\*|:\d{1,4})?$/.exec(part)?.[1];
      variables.push(name ?? '');
    }
    return '';
  });
  return /[{}]/.test(rest) || variables.includes('') ? undefined : variables;
}
