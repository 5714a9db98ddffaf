/** A type that has a JSON form, with values that have to be accepted and rejected. */
export interface Shape {
  /** Also the name of the tool and of the file that it is written into. */
  readonly id: string;
  /** The type of the parameter `value`. */
  readonly type: string;
  readonly declarations?: string;
  readonly imports?: string;
  readonly accepts: readonly unknown[];
  readonly rejects: readonly unknown[];
  /** The parameter may be left out. */
  readonly optional?: true;
  /** What the schema has to be, besides `description`; where the values alone do not say it. */
  readonly schema?: object;
}
