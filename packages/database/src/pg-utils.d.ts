declare module 'pg/lib/utils.js' {
  /** How `pg` serialises a parameter; exported by the package, missing in `@types/pg`. */
  export function prepareValue(value: unknown): Buffer | string | null;
}
