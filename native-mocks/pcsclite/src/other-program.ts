import { CardCalls } from './card-calls.ts';
import type { ResourceManager } from './resource-manager.ts';
import { protocols, shareModes } from './scard.ts';
import type { Connection, ScardContext } from './slot.ts';

const ANY_PROTOCOL: number = protocols.SCARD_PROTOCOL_T0 + protocols.SCARD_PROTOCOL_T1;
const RESPONSE_LENGTH = 65_538;

/** Another process with PC/SC, to get in the way of the one under test. One connection at a time. */
export class OtherProgram {
  readonly #cards: CardCalls;
  readonly #context: ScardContext;
  #connection: Connection | undefined;

  constructor(manager: ResourceManager) {
    this.#cards = new CardCalls(manager);
    this.#context = manager.establishContext();
  }

  /** Connects; shared without `share`. @throws {ScardCallError} as the service refuses it. */
  async connect(reader: string, share: 'exclusive' | 'shared' = 'shared'): Promise<void> {
    const mode = share === 'shared' ? shareModes.SCARD_SHARE_SHARED : shareModes.SCARD_SHARE_EXCLUSIVE;
    this.#connection = await this.#cards.connect(this.#context, reader, mode, ANY_PROTOCOL);
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    const connection = this.#mine();
    return this.#cards.transmit(connection, command, connection.protocol, RESPONSE_LENGTH);
  }

  begin(): Promise<void> {
    return this.#cards.begin(this.#mine());
  }

  /** Ends its transaction; `disposition` 0 leaves the card, 1 resets it, 2 takes its power. */
  end(disposition = 0): Promise<void> {
    return this.#cards.end(this.#mine(), disposition);
  }

  /** Ends its connection; `disposition` as for {@link end}. */
  disconnect(disposition = 0): Promise<void> {
    return this.#cards.disconnect(this.#mine(), disposition);
  }

  /** Dies, as with `kill -9`: in a transaction the service resets the card. */
  async kill(): Promise<void> {
    if (this.#connection) await this.#cards.abandon(this.#connection);
  }

  #mine(): Connection {
    if (!this.#connection) throw new Error('the other program is not connected to a card');
    return this.#connection;
  }
}
