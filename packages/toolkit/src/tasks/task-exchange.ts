import type { ClientCapabilities, Implementation, ServerContext } from '@modelcontextprotocol/server';

import type { Exchange } from '../context/exchange.ts';
import type { SharedSource } from '../context/create-context.ts';
import type { InputResponses, TaskRecord } from './task-record.ts';

/** The state of a task stays with the server: nothing has to be sealed. */
export const TASK_STATE: SharedSource['sealer'] = {
  seal: (state) => JSON.stringify(state),
  open: (text) => JSON.parse(text) as unknown,
};

/** One run of a task, as its context sees it: the request that began it was answered long ago. */
export class TaskExchange implements Exchange {
  readonly id: string;
  readonly era = '2026';
  readonly method = 'tools/call';
  readonly meta: Readonly<Record<string, unknown>>;
  readonly client: Implementation | undefined;
  readonly capabilities: ClientCapabilities | undefined;
  readonly headers: Headers | undefined;
  readonly progressToken: undefined;
  readonly wantsLog = false;
  readonly inputResponses: InputResponses;
  readonly requestState: string | undefined;
  /** Takes the messages of the progress. */
  readonly tell: (message: string) => void;

  constructor(id: string, record: TaskRecord, headers: Headers | undefined, tell: (message: string) => void) {
    const { meta, client, capabilities, answers, state } = record;
    this.id = id;
    this.meta = meta;
    this.client = client;
    this.capabilities = capabilities;
    this.headers = headers;
    this.inputResponses = answers;
    this.requestState = state;
    this.tell = tell;
  }

  reach(): Promise<ServerContext> {
    return Promise.reject(new Error('The client of a task cannot be reached.'));
  }
}
