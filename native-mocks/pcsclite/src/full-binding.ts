import { CardCalls } from './card-calls.ts';
import type { ResourceManager } from './resource-manager.ts';
import { dispositions, protocols, readerStates, ScardCallError, scardCodes, shareModes } from './scard.ts';
import type { Connection, ScardContext } from './slot.ts';

/** `ScardFailure` of `@jpki/pcsc`. */
export type FailureClass = new (scardCode: number, call: string) => Error;

type Share = 'exclusive' | 'shared' | 'direct';
type End = 'unpower' | 'reset' | 'leave';
type ProtocolChoice = 'T=0' | 'T=1' | 'any';

const SHARE: Readonly<Record<Share, number>> = {
  exclusive: shareModes.SCARD_SHARE_EXCLUSIVE,
  shared: shareModes.SCARD_SHARE_SHARED,
  direct: shareModes.SCARD_SHARE_DIRECT,
};
const DISPOSITION: Readonly<Record<End, number>> = {
  leave: dispositions.SCARD_LEAVE_CARD,
  reset: dispositions.SCARD_RESET_CARD,
  unpower: dispositions.SCARD_UNPOWER_CARD,
};
const PROTOCOL: Readonly<Record<ProtocolChoice, number>> = {
  'T=0': protocols.SCARD_PROTOCOL_T0,
  'T=1': protocols.SCARD_PROTOCOL_T1,
  any: protocols.SCARD_PROTOCOL_T0 + protocols.SCARD_PROTOCOL_T1,
};
const RESPONSE_LENGTH = 65_538;
const EVENTS_SHIFT = 16;

/** One reader as an observer gets it: `ObservedReader` of `@jpki/pcsc`. */
export interface SeenReader {
  readonly name: string;
  readonly cardPresent: boolean;
  readonly unresponsive: boolean;
  readonly atr?: Uint8Array;
  readonly changes: number;
}

/** `CardStatus` of `@jpki/pcsc`. */
export interface SeenStatus {
  readonly readerName: string;
  readonly state: number;
  readonly protocol: 'T=0' | 'T=1' | undefined;
  readonly atr: Uint8Array;
}

/** `ReaderObserver` of `@jpki/pcsc`. */
export interface SeenReaderObserver {
  update(readers: readonly SeenReader[]): void;
  lost(error: unknown): void;
}

/** `BindingCapabilities` of `@jpki/pcsc`. */
export interface FullCapabilities {
  readonly transactions: true;
  readonly workerThreads: true;
  readonly reconnect: true;
  readonly control: true;
  readonly attributes: true;
  readonly status: true;
  readonly serviceNeedsReader: boolean;
  readonly maxReaders: number;
}

/** Runs a call of the mock and gives its failure the class that `@jpki/pcsc` knows. */
type Translate = <T>(promise: Promise<T>) => Promise<T>;

/** A `PcscBinding` with every capability, straight on the mock's service. */
export class FullBinding {
  readonly name = 'mock';
  readonly capabilities: FullCapabilities;
  readonly #manager: ResourceManager;
  readonly #cards: CardCalls;
  readonly #Failure: FailureClass;

  constructor(manager: ResourceManager, Failure: FailureClass) {
    this.#manager = manager;
    this.#cards = new CardCalls(manager);
    this.#Failure = Failure;
    this.capabilities = {
      transactions: true,
      workerThreads: true,
      reconnect: true,
      control: true,
      attributes: true,
      status: true,
      serviceNeedsReader: manager.profile.serviceNeedsReader.value,
      maxReaders: Number.POSITIVE_INFINITY,
    };
  }

  observe(observer: SeenReaderObserver): { close(): Promise<void> } {
    let context: ScardContext;
    try {
      context = this.#manager.establishContext();
    } catch (error) {
      throw this.#failure(error);
    }
    const abort = new AbortController();
    const watching = this.#watch(context, observer, abort.signal);
    return {
      close: async () => {
        const first = !abort.signal.aborted;
        abort.abort();
        if (first) this.#manager.cancel(context);
        await watching;
      },
    };
  }

  async connect(
    readerName: string,
    share: Share,
    protocol: ProtocolChoice = 'any',
  ): Promise<FullBindingCard> {
    const translate: Translate = (promise) =>
      promise.catch((error: unknown) => {
        throw this.#failure(error);
      });
    const connecting = async () => {
      const context = this.#manager.establishContext();
      return this.#cards.connect(context, readerName, SHARE[share], PROTOCOL[protocol]);
    };
    return new FullBindingCard(this.#cards, await translate(connecting()), translate);
  }

  async #watch(context: ScardContext, observer: SeenReaderObserver, signal: AbortSignal): Promise<void> {
    // The rule of the seam: nothing is told before `observe` has returned.
    await Promise.resolve();
    let told: string | undefined;
    try {
      while (!signal.aborted) {
        const { version } = this.#manager;
        const seen = await this.#look(context);
        const state = JSON.stringify(seen);
        if (!signal.aborted && state !== told) observer.update(seen);
        told = state;
        // The observer may have ended the observation, and what nobody waits for cannot be cancelled.
        if (!signal.aborted) await this.#manager.anyChange(context, version);
      }
    } catch (error) {
      if (!signal.aborted) observer.lost(this.#failure(error));
    } finally {
      this.#manager.releaseContext(context);
    }
  }

  async #look(context: ScardContext): Promise<SeenReader[]> {
    try {
      const names = await this.#manager.listReaders(context);
      return await Promise.all(
        names.map(async (name) => seenReader(name, await this.#manager.statusChange(context, name, 0))),
      );
    } catch (error) {
      if (error instanceof ScardCallError && error.scardCode === scardCodes.NO_READERS_AVAILABLE) return [];
      throw error;
    }
  }

  #failure(error: unknown): unknown {
    return error instanceof ScardCallError ? new this.#Failure(error.scardCode, error.call) : error;
  }
}

/** A `BindingCard` with everything. */
export class FullBindingCard {
  readonly #cards: CardCalls;
  readonly #connection: Connection;
  readonly #translate: Translate;

  constructor(cards: CardCalls, connection: Connection, translate: Translate) {
    this.#cards = cards;
    this.#connection = connection;
    this.#translate = translate;
  }

  get protocol(): 'T=0' | 'T=1' | undefined {
    if (this.#connection.protocol === protocols.SCARD_PROTOCOL_T0) return 'T=0';
    return this.#connection.protocol === protocols.SCARD_PROTOCOL_T1 ? 'T=1' : undefined;
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    const { protocol } = this.#connection;
    return this.#translate(this.#cards.transmit(this.#connection, command, protocol, RESPONSE_LENGTH));
  }

  disconnect(disposition: End): Promise<void> {
    return this.#translate(this.#cards.disconnect(this.#connection, DISPOSITION[disposition]));
  }

  begin(): Promise<void> {
    return this.#translate(this.#cards.begin(this.#connection));
  }

  end(disposition: End): Promise<void> {
    return this.#translate(this.#cards.end(this.#connection, DISPOSITION[disposition]));
  }

  async reconnect(share: Share, disposition: End, protocol: ProtocolChoice = 'any'): Promise<void> {
    const how = [SHARE[share], PROTOCOL[protocol], DISPOSITION[disposition]] as const;
    await this.#translate(this.#cards.reconnect(this.#connection, ...how));
  }

  control(code: number, input: Uint8Array): Promise<Uint8Array> {
    return this.#translate(this.#cards.control(this.#connection, code, input));
  }

  async status(): Promise<SeenStatus> {
    const { state, atr } = await this.#translate(this.#cards.status(this.#connection));
    return { readerName: this.#connection.slot.name, state, protocol: this.protocol, atr };
  }

  attribute(id: number): Promise<Uint8Array> {
    return this.#translate(this.#cards.attribute(this.#connection, id));
  }
}

function seenReader(name: string, status: { state: number; atr: Uint8Array }): SeenReader {
  return {
    name,
    cardPresent: (status.state & readerStates.SCARD_STATE_PRESENT) !== 0,
    unresponsive: (status.state & readerStates.SCARD_STATE_MUTE) !== 0,
    ...(status.atr.length > 0 && { atr: status.atr }),
    changes: status.state >>> EVENTS_SHIFT,
  };
}
