/** The names of the variables in a URI template (RFC 6570), each once, in their order. */
export type VariableList<
  Uri extends string,
  Seen extends readonly string[] = [],
> = Uri extends `${string}{${infer Names}}${infer Rest}` ? VariableList<Rest, Added<Names, Seen>> : Seen;

/** The names of the variables in a URI template; any name where the template is not known to the compiler. */
export type UriVariables<Uri extends string> = string extends Uri ? string : VariableList<Uri>[number];

type Operator = '+' | '#' | '.' | '/' | ';' | '?' | '&';

type Added<Names extends string, Seen extends readonly string[]> = Names extends `${Operator}${infer Rest}`
  ? Added<Rest, Seen>
  : Names extends `${infer First},${infer Rest}`
    ? Added<Rest, With<Seen, Plain<First>>>
    : With<Seen, Plain<Names>>;

type With<Seen extends readonly string[], Name extends string> = Name extends Seen[number] ? Seen : [...Seen, Name];

/** Without the modifiers `*` and `:3`. */
type Plain<Name extends string> = Name extends `${infer Bare}*` | `${infer Bare}:${string}` ? Bare : Name;
