import type { Refusal } from './refusal.ts';

const all = `import type { Int, Min, Max, MinLength, Pattern, Format, MinItems } from '@mortise/toolkit';`;

export const constraints: readonly Refusal[] = [
  {
    id: 'constraint_alone',
    imports: all,
    type: 'Min<1>',
    says: '10:20 - error MRT1041: tool C_constraint_alone.constraint_alone, value: a constraint type stands alone or on an object. fix: write it beside a string, number or array: number & Min<1>.',
  },
  {
    id: 'constraint_wrong_type',
    imports: all,
    type: 'string & Min<1>',
    says: '10:25 - error MRT1041: tool C_constraint_wrong_type.constraint_wrong_type, value: the constraint minimum does not apply to a string. fix: remove it, or put it on a number.',
  },
  {
    id: 'constraint_on_object',
    imports: all,
    type: '{ a: string } & Min<1>',
    says: '10:24 - error MRT1041: tool C_constraint_on_object.constraint_on_object, value: a constraint type stands alone or on an object. fix: write it beside a string, number or array: number & Min<1>.',
  },
  {
    id: 'constraint_no_literal',
    imports: all,
    type: 'number & Min<number>',
    says: '10:25 - error MRT1040: tool C_constraint_no_literal.constraint_no_literal, value: the constraint minimum needs a number. fix: give it a number.',
  },
  {
    id: 'constraint_twice',
    imports: all,
    type: 'number & Min<1> & Min<5>',
    says: '10:20 - error MRT1042: tool C_constraint_twice.constraint_twice, value: minimum is given twice, as 1 and 5. fix: keep one of them.',
  },
  {
    id: 'constraint_pattern',
    imports: all,
    type: `string & Pattern<'('>`,
    says: '10:22 - error MRT1040: tool C_constraint_pattern.constraint_pattern, value: the constraint pattern needs a regular expression. fix: give it a regular expression.',
  },
  {
    id: 'constraint_count',
    imports: all,
    type: 'string & MinLength<-1>',
    says: '10:20 - error MRT1040: tool C_constraint_count.constraint_count, value: the constraint minLength needs a whole number from 0. fix: give it a whole number from 0.',
  },
  {
    id: 'tag_no_number',
    declarations: 'interface BadTag {\n  /** @minimum lots */\n  n: number;\n}',
    type: 'BadTag',
    says: '5:3 - error MRT1040: tool C_tag_no_number.tag_no_number, value.n: @minimum needs a number. fix: give it a number.',
  },
  {
    id: 'tag_wrong_type',
    declarations: 'interface Mismatch {\n  /** @minimum 3 */\n  s: string;\n}',
    type: 'Mismatch',
    says: '5:3 - error MRT1041: tool C_tag_wrong_type.tag_wrong_type, value.s: @minimum does not apply to a string. fix: remove it, or put it on a number.',
  },
  {
    id: 'tag_on_union',
    declarations: 'interface Either {\n  /** @minimum 3 */\n  s: string | number;\n}',
    type: 'Either',
    says: '5:3 - error MRT1041: tool C_tag_on_union.tag_on_union, value.s: @minimum does not apply to a union. fix: remove it, or put it on a number inside the union.',
  },
  {
    id: 'tag_format',
    declarations: 'interface Formatted {\n  /** @format phone */\n  s: string;\n}',
    type: 'Formatted',
    says: '5:3 - error MRT1040: tool C_tag_format.tag_format, value.s: @format needs one of date, date-time, time, duration, email, hostname, ipv4, ipv6, uri, uuid. fix: give it one of date, date-time, time, duration, email, hostname, ipv4, ipv6, uri, uuid.',
  },
  {
    id: 'tag_as_type',
    declarations: 'interface Typed {\n  /** @asType float */\n  s: number;\n}',
    type: 'Typed',
    says: '5:3 - error MRT1040: tool C_tag_as_type.tag_as_type, value.s: @asType float is not known. fix: write @asType integer.',
  },
  {
    id: 'comment_misplaced',
    declarations: 'interface Trailing {\n  a: string; /** about a */\n  b: string;\n}',
    type: 'Trailing',
    says: '5:3 - error MRT1043: tool C_comment_misplaced.comment_misplaced, value.b: its TSDoc comment stands behind other code, where it may belong to that. fix: put the comment on a line of its own.',
  },

  {
    id: 'default_too_small',
    imports: all,
    method: '  /** A tool.\n   * @param n - N */\n  @tool()\n  run(n: Int & Min<1> = 0): void {}',
    says: '8:39 - error MRT1022: tool C_default_too_small.default_too_small, n: the default 0 breaks its own type: Too small: expected number to be >=1. fix: change the default or the constraint.',
  },
  {
    id: 'default_by_tag',
    declarations: 'interface Wrong {\n  /** A\n   * @default "x" */\n  a?: number;\n}',
    type: 'Wrong',
    says: '6:3 - error MRT1022: tool C_default_by_tag.default_by_tag, value.a: the default "x" breaks its own type: Invalid input: expected number, received string. fix: change the default or the constraint.',
  },
  {
    id: 'default_inner',
    imports: all,
    method: '  /** A tool.\n   * @param list - L */\n  @tool()\n  run(list: (Int & Min<1>)[] = [1, 0]): void {}',
    says: '8:42 - error MRT1022: tool C_default_inner.default_inner, list: the default [1,0] breaks its own type at 1: Too small: expected number to be >=1. fix: change the default or the constraint.',
  },
  {
    id: 'inline_tag',
    method: '  /** A tool.\n   * @param s - S {@minimum 1} */\n  @tool()\n  run(s: string): void {}',
    says: '8:14 - error MRT1041: tool C_inline_tag.inline_tag, s: @minimum does not apply to a string. fix: remove it, or put it on a number.',
  },
];
