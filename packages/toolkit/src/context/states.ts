import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';

import { ConfigurationError } from '../define/configuration-error.ts';
import type { ToolOptions } from '../define/definitions.ts';
import type { Definitions } from '../surface/definition.ts';
import { entriesOf } from '../surface/entries.ts';
import type { StateSealer } from './sealed-state.ts';
import type { StateStore } from './state-store.ts';

/** How to make a key. */
const MAKE_KEY = 'openssl rand -base64 32 | tr +/ -_';

/** Whether the states of questions open where they have to, and how often. */
export class States {
  readonly #sealer: StateSealer;
  #store: StateStore | undefined;

  constructor(sealer: StateSealer) {
    this.#sealer = sealer;
  }

  /** From now on each state is good once. */
  useStore(store: StateStore): void {
    this.#store = store;
  }

  /**
   * Told by a transport that other machines reach: there a restart or a second process must not lose open questions,
   * so that the key has to be the operator's.
   * @throws ConfigurationError when something on offer asks, and there is no key
   */
  expose(name: string, definitions: Definitions): void {
    if (this.#sealer.isKept) return;
    const asking = entriesOf(definitions).filter(({ options }) => asks(options as ToolOptions));
    if (asking.length > 0) {
      const names = asking.map((entry) => entry.name).join(', ');
      throw new ConfigurationError(
        `${name} asks its users (${names}), so that an address that is not local needs MORTISE_STATE_KEY, the same in every process. Make one: ${MAKE_KEY}`,
      );
    }
    this.#sealer.refuse(`MORTISE_STATE_KEY is not set, without which no user can be asked here. Make one: ${MAKE_KEY}`);
  }

  /** @throws ProtocolError -32602 when the state was used before */
  async spend(state: unknown): Promise<void> {
    if (!this.#store || typeof state !== 'string') return;
    if (await this.#store.spend(this.#sealer.idOf(state), this.#sealer.lastExpiry())) return;
    const data = { reason: 'request_state_used' };
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      'This requestState was used before. Make the call anew',
      data,
    );
  }
}

function asks({ asks: says, confirm }: ToolOptions): boolean {
  return says === true || confirm !== undefined;
}
