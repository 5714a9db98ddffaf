import { Suspension } from './questions.ts';

/** Ends the run of a method that goes on as a task: thrown like a question, never shown to anybody. */
export class Detachment extends Suspension {
  /** Steps and answers so far, as JSON. */
  readonly state: string;

  constructor(state: string) {
    super({ resultType: 'input_required' });
    this.state = state;
  }
}
