/** Where a type can stand in a class, and what it gives there. */
export interface Position {
  /** Also the name of the method, which is written `run`. */
  readonly id: string;
  readonly declarations?: string;
  /** Lines of the comment; default `A tool.` */
  readonly comment?: readonly string[];
  /** Default `@tool()`. */
  readonly mark?: string;
  readonly method: string;
  readonly base?: string;
  /** The entry, without its method and hash; `description` where it is not `A tool.` */
  readonly gives: object;
}

/** Schemas that many of them have. */
export const none = { type: 'object', properties: {}, additionalProperties: false };
export const object = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});
export const string = { type: 'string' };
export const number = { type: 'number' };
