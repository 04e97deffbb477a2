import type { MockClock } from './clock.ts';
import type { PlatformProfile } from './platform-profile.ts';
import { protocols, readerStates as state } from './scard.ts';

/** What can be put into a reader: any `CardChannel` is one, and so is whatever answers commands. */
export interface MockCard {
  /** Answer to reset. */
  readonly atr: Uint8Array;
  transmit(command: Uint8Array): Promise<Uint8Array>;
  /** Told about a warm reset. */
  reset?(): unknown;
  /** Told when the card gets its power and when it loses it. */
  powerOn?(): unknown;
  powerOff?(): unknown;
}

/** How a reader of the mock behaves. */
export interface ReaderOptions {
  /** Answers SCardControl: bytes, or a SCARD code to fail with. Without it every code is refused as unsupported. */
  readonly control?: (code: number, input: Uint8Array) => Uint8Array | number | Promise<Uint8Array | number>;
  /** Answers SCardGetAttrib beyond the answer to reset. */
  readonly attributes?: ReadonlyMap<number, Uint8Array>;
}

/** How a card sits in its reader. */
export interface InsertOptions {
  /** What the card talks; T=1 without it. */
  readonly protocol?: 'T=0' | 'T=1';
  /** True: upside down or broken, present and without an answer. */
  readonly mute?: boolean;
}

/** One stay of one card in one reader. */
export interface Stay {
  readonly card: MockCard;
  /** SCARD_PROTOCOL_… */
  readonly protocol: number;
  readonly mute: boolean;
  powered: boolean;
}

/** An SCARDCONTEXT. */
export interface ScardContext {
  /** Ends its waits with a SCARD code. */
  readonly waits: Set<(code: number) => void>;
  /** Code of every further call, once the context is no longer valid. */
  invalid: number | undefined;
}

/** An SCARDHANDLE: one connection. */
export interface Connection {
  readonly context: ScardContext;
  readonly slot: Slot;
  share: number;
  /** SCARD_PROTOCOL_… that was agreed on; 0 for none. */
  protocol: number;
  stay: Stay | undefined;
  /** True after somebody else reset the card, until SCardReconnect. */
  wasReset: boolean;
  /** True after the end of the connection: the handle means nothing. */
  ended: boolean;
}

/** A reader with its card and those who are connected to it. */
export class Slot {
  readonly name: string;
  readonly options: ReaderOptions;
  readonly connections: Set<Connection> = new Set();
  stay: Stay | undefined;
  /** Insertions and removals so far. */
  events = 0;
  /** False once it was unplugged. */
  plugged = true;
  /** Who has a transaction. */
  #owner: Connection | undefined;
  #stopIdleLimit: () => void = () => undefined;
  #freed: Set<() => void> = new Set();

  constructor(name: string, options: ReaderOptions) {
    this.name = name;
    this.options = options;
  }

  get owner(): Connection | undefined {
    return this.#owner;
  }

  /** Whether `connection` has to wait for somebody else's transaction; undefined asks for a newcomer. */
  isTakenFor(connection: Connection | undefined): boolean {
    return this.#owner !== undefined && this.#owner !== connection;
  }

  begin(connection: Connection): void {
    this.#owner = connection;
  }

  /** Ends the transaction, and wakes those who wait for its end. */
  end(): void {
    this.#owner = undefined;
    this.#stopIdleLimit();
    const waiting = [...this.#freed];
    this.#freed.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves at the end of the transaction that somebody has now, or when `context` is cancelled. */
  freed(context: ScardContext): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#freed.delete(wake);
        context.waits.delete(wake);
        resolve();
      };
      this.#freed.add(wake);
      context.waits.add(wake);
    });
  }

  /** Starts the time after which an idle transaction is ended by a reset, where the platform has that. */
  restartIdleLimit(profile: PlatformProfile, clock: MockClock, expired: () => void): void {
    this.#stopIdleLimit();
    const limit = profile.idleTransactionLimit.value;
    if (limit !== undefined && this.#owner) this.#stopIdleLimit = clock.after(limit, expired);
  }

  pauseIdleLimit(): void {
    this.#stopIdleLimit();
  }

  insert(card: MockCard, options: InsertOptions): void {
    const protocol = options.protocol === 'T=0' ? protocols.SCARD_PROTOCOL_T0 : protocols.SCARD_PROTOCOL_T1;
    this.stay = { card, protocol, mute: options.mute ?? false, powered: false };
    this.events++;
  }

  remove(): void {
    this.stay = undefined;
    this.events++;
    this.end();
  }

  /** Everybody but `by` finds the card reset. */
  wasResetBy(by: Connection | undefined): void {
    for (const connection of this.connections) {
      if (connection !== by && connection.stay) connection.wasReset = true;
    }
  }

  /** The state as SCardGetStatusChange reports it, without SCARD_STATE_CHANGED. */
  state(countsEvents: boolean): number {
    const inUse = [...this.connections].map(({ share }) => share);
    const card = this.stay ? state.SCARD_STATE_PRESENT : state.SCARD_STATE_EMPTY;
    const mute = this.stay?.mute ? state.SCARD_STATE_MUTE : 0;
    const exclusive = inUse.includes(1) ? state.SCARD_STATE_EXCLUSIVE : 0;
    const used = inUse.length > 0 ? state.SCARD_STATE_INUSE : 0;
    const events = countsEvents ? (this.events & 0xffff) * 0x10000 : 0;
    return card + mute + exclusive + used + events;
  }
}
