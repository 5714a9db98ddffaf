import { number, object, string, type Position } from './position.ts';

const withDefault = (type: string, declarations = ''): Pick<Position, 'declarations' | 'method'> => ({
  declarations,
  method: `run(a${type}): void {}`,
});
const defaulted = (schema: object): object => ({ parameters: ['a'], input: object({ a: schema }) });

export const defaults: readonly Position[] = [
  { id: 'default_number', ...withDefault(' = 10'), gives: defaulted({ ...number, default: 10 }) },
  {
    id: 'default_text',
    ...withDefault(`: 'b' | 'a' = 'a'`),
    gives: defaulted({ type: 'string', enum: ['b', 'a'], default: 'a' }),
  },
  {
    id: 'default_null',
    ...withDefault(': string | null = null'),
    gives: defaulted({ anyOf: [string, { type: 'null' }], default: null }),
  },
  { id: 'default_negative', ...withDefault(' = -1.5'), gives: defaulted({ ...number, default: -1.5 }) },
  { id: 'default_product', ...withDefault(' = 10 * 50 + 2 ** 3'), gives: defaulted({ ...number, default: 508 }) },
  {
    id: 'default_template',
    ...withDefault(': string = `${PREFIX}-1`', `const PREFIX = 'p';`),
    gives: defaulted({ ...string, default: 'p-1' }),
  },
  {
    id: 'default_enum',
    ...withDefault(': Tier = Tier.Pro', `enum Tier { Free = 'free', Pro = 'pro' }`),
    gives: defaulted({ type: 'string', enum: ['free', 'pro'], default: 'pro' }),
  },
  {
    id: 'default_const',
    ...withDefault(': number = LIMIT', 'const LIMIT = 25;'),
    gives: defaulted({ ...number, default: 25 }),
  },
  {
    id: 'default_member',
    ...withDefault(': number = DEFAULTS.page.size', 'const DEFAULTS = { page: { size: 25 } } as const;'),
    gives: defaulted({ ...number, default: 25 }),
  },
  {
    id: 'default_element',
    ...withDefault(': string = SORTS[1]', `const SORTS = ['name', 'date'] as const;`),
    gives: defaulted({ ...string, default: 'date' }),
  },
  {
    id: 'default_static',
    ...withDefault(': number = Settings.size', 'class Settings { static readonly size = 7 }'),
    gives: defaulted({ ...number, default: 7 }),
  },
  {
    id: 'default_array',
    ...withDefault(`: ('a' | 'b')[] = ['b']`),
    gives: defaulted({ type: 'array', items: { type: 'string', enum: ['a', 'b'] }, default: ['b'] }),
  },
  {
    id: 'default_object',
    ...withDefault(`: { q: string; n?: number } = { q: '', ...MORE }`, 'const MORE = { n: 1 } as const;'),
    gives: defaulted({ ...object({ q: string, n: number }, ['q']), default: { q: '', n: 1 } }),
  },
  {
    id: 'default_constrained',
    ...withDefault(': Int & Min<1> & Max<50> = 10'),
    gives: defaulted({ type: 'integer', minimum: 1, maximum: 50, default: 10 }),
  },
  { id: 'default_computed', ...withDefault(': number = Date.now()'), gives: defaulted(number) },
  {
    id: 'default_changeable',
    ...withDefault(': number = settings.size', 'const settings = { size: 7 };'),
    gives: defaulted(number),
  },
];
