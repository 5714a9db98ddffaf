/** What an entry says of the questions that it may ask. */
export interface AskingOptions {
  /**
   * It may ask the user or the client (`elicit`, `sample`, `roots`). `mortise infer` sees a method that does so itself;
   * say it of a function, and of a method that passes its context on. Served to other machines without
   * `MORTISE_STATE_KEY`, a server with such an entry does not start; one that does not say so starts, but cannot ask.
   */
  readonly asks?: true;
}
