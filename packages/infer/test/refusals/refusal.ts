/** What has to be refused, with what is said about it. */
export type Refusal = {
  readonly id: string;
  readonly imports?: string;
  readonly declarations?: string;
  /** The lines without the path in front of them. */
  readonly says: string | readonly string[];
} & (
  | { /** The type of the parameter of a tool. */ readonly type: string }
  | {
      readonly method: string;
      /** `method` is a whole class. */
      readonly whole?: true;
    }
);
