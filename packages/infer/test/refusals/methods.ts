import type { Refusal } from './refusal.ts';

export const methods: readonly Refusal[] = [
  {
    id: 'unknown_param',
    method: '  /** A tool.\n   * @param qery - Text */\n  @tool()\n  run(query: string): void {}',
    says: [
      '8:17 - warning MRT1081: tool C_unknown_param.unknown_param, query: the parameter has no description. fix: add @param query - … to the comment of the method.',
      '8:3 - error MRT1021: tool C_unknown_param.unknown_param: @param qery names no parameter. fix: rename it to one of query, or remove it.',
    ],
  },
  {
    id: 'destructured_beside',
    method: '  /** A tool.\n   * @param id - I */\n  @tool()\n  run({ a }: { a: string }, id: string): void {}',
    says: '8:23 - error MRT1020: tool C_destructured_beside.destructured_beside: a destructured parameter stands beside others, so it has no name in the arguments. fix: give it a name, or destructure all arguments as one object.',
  },
  {
    id: 'destructured_array',
    method: '  /** A tool. */\n  @tool()\n  run([a]: string[]): void {}',
    says: '7:22 - error MRT1023: tool C_destructured_array.destructured_array: the arguments of a call are no array. fix: name each as a parameter.',
  },
  {
    id: 'destructured_union',
    method: '  /** A tool. */\n  @tool()\n  run({ a }: { a: string } | { a: number }): void {}',
    says: '7:22 - error MRT1020: tool C_destructured_union.destructured_union: the destructured parameter is not one plain object. fix: destructure an object type with named properties.',
  },
  {
    id: 'generic_method',
    method: '  /** A tool.\n   * @param a - A */\n  @tool()\n  run<T>(a: T): void {}',
    says: '8:3 - error MRT1013: tool C_generic_method.generic_method: the method is generic, and JSON has no type arguments. fix: give it concrete types.',
  },
  {
    id: 'overloaded',
    method:
      '  run(a: string): void;\n  run(a: number): void;\n  /** A tool.\n   * @param a - A */\n  @tool()\n  run(a: string | number): void {}',
    says: '10:3 - error MRT1012: tool C_overloaded.overloaded: the method is overloaded. fix: keep one signature, with optional parameters or unions.',
  },
  {
    id: 'static_method',
    method: '  /** A tool. */\n  @tool()\n  static run(): void {}',
    says: '7:10 - error MRT1011: tool C_static_method.static_method: it is static, and cannot be called from outside. fix: put @tool() on a public method.',
  },
  {
    id: 'private_method',
    method: '  /** A tool. */\n  @tool()\n  private run(): void {}',
    says: '7:11 - error MRT1011: tool C_private_method.private_method: it is private, and cannot be called from outside. fix: put @tool() on a public method.',
  },
  {
    id: 'accessor',
    method: '  /** A tool. */\n  @tool()\n  get run(): string { return "" }',
    says: '7:7 - error MRT1011: tool C_accessor.accessor: it is no public method, and cannot be called from outside. fix: put @tool() on a public method.',
  },
  {
    id: 'wire_name',
    method: '  /** A tool. */\n  @tool()\n  größe(): void {}',
    says: '7:3 - error MRT1014: tool C_wire_name.größe: clients do not accept the name. fix: use 1 to 64 letters, digits, _ and -.',
  },
  {
    id: 'two_marks',
    method: '  /** A tool. */\n  @tool()\n  @prompt()\n  run(): string { return ""; }',
    says: '7:3 - error MRT1016: tool C_two_marks.two_marks: the method has two marks. fix: keep one, and write another method for the other.',
  },
  {
    id: 'generic_class',
    whole: true,
    method: 'export class Generic<T> {\n  /** A tool.\n   * @param a - A */\n  @tool()\n  run(a: T): void {}\n}',
    says: '4:14 - error MRT1013: class Generic: the class is generic. fix: let a class with concrete types extend it, and make this one abstract.',
  },
  {
    id: 'not_exported',
    whole: true,
    method: 'class Hidden {\n  /** A tool. */\n  @tool()\n  run(): void {}\n}',
    says: '4:7 - error MRT1010: class Hidden: the surface file cannot import it. fix: export class Hidden.',
  },

  {
    id: 'array_result',
    method: '  /** A tool. */\n  @tool()\n  run(): string[] { return []; }',
    says: '7:19 - error MRT1050: tool C_array_result.array_result: a tool returns `string[]`, which is no object. fix: return an object: { items: [...] }.',
  },
  {
    id: 'number_result',
    method: '  /** A tool. */\n  @tool()\n  async run(): Promise<number> { return 1; }',
    says: '7:26 - error MRT1050: tool C_number_result.number_result: a tool returns `number`, which is no object. fix: return an object with a named property.',
  },
  {
    id: 'nullable_result',
    method: '  /** A tool. */\n  @tool()\n  run(): { a: string } | null { return null; }',
    says: '7:22 - error MRT1050: tool C_nullable_result.nullable_result: a tool returns `{ a: string; } | null`, which is no object. fix: return an object with a named property.',
  },
  {
    id: 'any_result',
    method: '  /** A tool. */\n  @tool()\n  run() { return JSON.parse("1"); }',
    says: '7:3 - error MRT1031: tool C_any_result.any_result, returns: `any` has no schema. fix: write the real type, or `unknown` where any JSON value will do.',
  },
  {
    id: 'map_result',
    method: '  /** A tool. */\n  @tool()\n  run() { return { found: new Map<string, number>() }; }',
    says: '7:27 - error MRT1032: tool C_map_result.map_result, returns.found: `Map<string, number>` has no JSON form. fix: use Record<string, T>.',
  },
  {
    id: 'resource_number',
    method: '  /** A resource. */\n  @resource("a://b")\n  run(): number { return 1; }',
    says: '7:22 - error MRT1050: resource C_resource_number.resource_number: a resource returns `number`, which is no object. fix: return an object with a named property.',
  },

  {
    id: 'prompt_object',
    method: '  /** A prompt.\n   * @param a - A */\n  @prompt()\n  run(a: { b: string }): string { return a.b; }',
    says: '8:17 - error MRT1060: prompt C_prompt_object.prompt_object, a: the argument of a prompt is a string on the wire. fix: use a string, number, boolean or a union of literals.',
  },
  {
    id: 'prompt_array',
    method: '  /** A prompt.\n   * @param a - A */\n  @prompt()\n  run(a: string[]): string { return a[0] ?? ""; }',
    says: '8:16 - error MRT1060: prompt C_prompt_array.prompt_array, a: the argument of a prompt is a string on the wire. fix: use a string, number, boolean or a union of literals.',
  },
  {
    id: 'prompt_any',
    method: '  /** A prompt. */\n  @prompt()\n  run() { return JSON.parse("1"); }',
    says: '7:3 - error MRT1031: prompt C_prompt_any.prompt_any, returns: `any` hides what the prompt returns. fix: return string or PromptResult.',
  },
  {
    id: 'uri_computed',
    declarations: 'declare function uri(): string;',
    method: '  /** A resource. */\n  @resource(uri())\n  run(): string { return ""; }',
    says: '6:13 - error MRT1070: resource C_uri_computed.uri_computed: the URI of the resource is not a constant. fix: write it as a string, or as a const that holds one.',
  },
  {
    id: 'uri_no_scheme',
    method: '  /** A resource. */\n  @resource("customers")\n  run(): string { return ""; }',
    says: '6:13 - error MRT1071: resource C_uri_no_scheme.uri_no_scheme: customers does not begin with a scheme. fix: write it as scheme://path.',
  },
  {
    id: 'uri_malformed',
    method:
      '  /** A resource.\n   * @param id - I */\n  @resource("a://{id")\n  run(id: string): string { return id; }',
    says: '7:3 - error MRT1071: resource C_uri_malformed.uri_malformed: a://{id is not a URI template. fix: write each variable as {name}, {+name}, {/name} or {?name,other}.',
  },
  {
    id: 'uri_unknown',
    method:
      '  /** A resource.\n   * @param id - I */\n  @resource("a://{customer_id}")\n  run(id: string): string { return id; }',
    says: '7:3 - error MRT1072: resource C_uri_unknown.uri_unknown: the variable {customer_id} of a://{customer_id} is no parameter. fix: name one of the parameters so (id).',
  },
  {
    id: 'uri_object',
    method:
      '  /** A resource.\n   * @param id - I */\n  @resource("a://{id}")\n  run(id: { a: string }): string { return id.a; }',
    says: '8:14 - error MRT1073: resource C_uri_object.uri_object, id: a URI variable is a string on the wire. fix: use a string, number, boolean or a union of literals.',
  },

  {
    id: 'this_type',
    type: 'this',
    says: '10:13 - error MRT1034: tool C_this_type.this_type, value: `C_this_type` is a class with `this_type`, which is not plain data. fix: use an interface, or Pick<> the data fields.',
  },
  {
    id: 'unknown_inner_param',
    method:
      '/** A tool.\n   * @param at - Where\n   * @param at.cty - Town */\n  @tool()\n  run(at: { city: string }): void {}',
    says: '9:3 - error MRT1021: tool C_unknown_inner_param.unknown_inner_param: @param at.cty names no parameter. fix: rename it to one of city, or remove it.',
  },
  {
    id: 'unknown_destructured_param',
    method:
      '/** A tool.\n   * @param at - Where\n   * @param at.city - Town\n   * @param at.cty - Town */\n  @tool()\n  run({ city }: { city: string }): void {}',
    says: '10:3 - error MRT1021: tool C_unknown_destructured_param.unknown_destructured_param: @param cty names no parameter. fix: rename it to one of city, or remove it.',
  },
  {
    id: 'header_on_number',
    method: '/** A tool.\n   * @param a - A {@mcpHeader A} */\n  @tool()\n  run(a: number): void {}',
    says: '8:20 - error MRT1041: tool C_header_on_number.header_on_number, a: @mcpHeader does not apply to a number. fix: remove it, or put it on a string.',
  },
  {
    id: 'header_name',
    method: '/** A tool.\n   * @param a - A {@mcpHeader A b} */\n  @tool()\n  run(a: string): void {}',
    says: '8:15 - error MRT1040: tool C_header_name.header_name, a: @mcpHeader needs a name of letters, digits and -. fix: give it a name of letters, digits and -.',
  },
  {
    id: 'header_in_array',
    declarations: 'interface Part {\n  /** @mcpHeader Part */\n  part: string;\n}',
    method: '/** A tool.\n   * @param a - A */\n  @tool()\n  run(a: Part[]): void {}',
    says: '11:3 - error MRT1090: tool C_header_in_array.header_in_array, a.part: the client cannot find what the header Part repeats. fix: put it on an argument of its own.',
  },
  {
    id: 'header_in_union',
    declarations: 'interface Half {\n  /** @mcpHeader Half */\n  half: string;\n}',
    method: '/** A tool.\n   * @param a - A */\n  @tool()\n  run(a: Half | null): void {}',
    says: '11:3 - error MRT1090: tool C_header_in_union.header_in_union, a.half: the client cannot find what the header Half repeats. fix: put it on an argument of its own.',
  },
  {
    id: 'header_twice',
    method:
      '/** A tool.\n   * @param a - A {@mcpHeader Region}\n   * @param b - B {@mcpHeader region} */\n  @tool()\n  run(a: string, b: string): void {}',
    says: '9:3 - error MRT1091: tool C_header_twice.header_twice, b: a is repeated in the header region too. fix: give each its own name.',
  },
  {
    id: 'no_description',
    method: '  @tool()\n  undescribed(): void {}',
    says: '6:3 - warning MRT1080: tool C_no_description.undescribed: the tool has no description. fix: write a TSDoc comment above the method: a model reads it to decide when to use it.',
  },
  {
    id: 'no_param_description',
    method: '  /** A tool. */\n  @tool()\n  find(query: string): void {}',
    says: '7:8 - warning MRT1081: tool C_no_param_description.find, query: the parameter has no description. fix: add @param query - … to the comment of the method.',
  },
];
