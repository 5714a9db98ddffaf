/** What an entry says of the questions that it may ask. */
export interface AskingOptions {
  /**
   * Its method may ask the user or the client (`elicit`, `sample`, `roots`). Served to other machines without
   * `MORTISE_STATE_KEY`, a server with such an entry does not start; one that does not say so starts, but cannot ask.
   */
  readonly asks?: true;
}
