/**
 * The seam under this package: what it needs from a way to PC/SC, and nothing more. The npm addon `pcsclite` is
 * one implementation; a test brings its own, and other ways (a pcscd socket client, prebuilt addons) fit here.
 *
 * Rules for an implementation:
 *
 * - Failures of the PC/SC API are {@link ScardFailure}s with the SCARD code; the layer above gives them meaning.
 * - Nothing here retries, queues, times out or checks answers: the layer above does, once for all bindings.
 * - Nothing keeps the process alive but an open observation and calls that have not returned.
 */
export interface PcscBinding {
  /** Short name for people: `pcsclite`. */
  readonly name: string;
  readonly capabilities: BindingCapabilities;

  /**
   * Starts to observe readers and cards. Must not call the observer before it has returned. The first
   * `update` is complete: it has every reader and whether a card is in it, and comes promptly when there are none.
   *
   * @throws {ScardFailure} when the service cannot be reached.
   */
  observe(observer: ReaderObserver): ReaderObservation;

  /**
   * Connects to the card in a reader and powers it up; with `direct`, to the reader itself, card or not.
   *
   * @param signal calls it off, where the binding can do so; the layer above gives up at once in either case.
   * @throws {ScardFailure} as a rejection: no card, somebody else has it, reader gone, service gone.
   */
  connect(
    readerName: string,
    share: ShareMode,
    protocol?: ProtocolChoice,
    signal?: AbortSignal,
  ): Promise<BindingCard>;

  /**
   * Asks the service for a sign of life, beside whatever is under way. Absent where that cannot be done without
   * waiting for it.
   *
   * @throws {PcscError} as a rejection: `ERR_PCSC_TIMEOUT` from a service that takes connections and says nothing.
   */
  readonly askService?: (() => Promise<void>) | undefined;
}

/** What a binding can do beyond the minimum; where it cannot, the layer above does the best without. */
export interface BindingCapabilities {
  /** Has SCardBeginTransaction. Without it only an exclusive connection keeps other programs out. */
  readonly transactions: boolean;
  /** Can be used outside the main thread. */
  readonly workerThreads: boolean;
  /** Has SCardReconnect. Without it a reset is a disconnection and a new connection. */
  readonly reconnect: boolean;
  /** Has SCardControl, for the features of a reader (PC/SC part 10). */
  readonly control: boolean;
  /** Has SCardGetAttrib. */
  readonly attributes: boolean;
  /** Has SCardStatus. Without it the ATR of a connected card is what the observation tells, which may be late. */
  readonly status?: boolean;
  /**
   * The service comes with the first reader and goes with the last one, as that of Windows does: that it is not there
   * means that no reader is.
   */
  readonly serviceNeedsReader?: boolean;
  /** Most readers it can see; those beyond are invisible. */
  readonly maxReaders: number;
}

/** Who may be connected at the same time: nobody else, or everybody; `direct` is for the reader, card or not. */
export type ShareMode = 'exclusive' | 'shared' | 'direct';

/** Transmission protocol of ISO/IEC 7816-3. */
export type Protocol = 'T=0' | 'T=1';

/** Which protocol a connection may use; `any` takes what card and reader agree on. */
export type ProtocolChoice = Protocol | 'any';

/** What happens to the card at the end of a connection. `unpower` is the only one that forgets a verified PIN. */
export type Disposition = 'unpower' | 'reset' | 'leave';

/** Receives what an observation sees. Neither function may throw. */
export interface ReaderObserver {
  /** The whole present set; called again whenever something in it changed. */
  update(readers: readonly ObservedReader[]): void;
  /** The observation ended by itself: the service stopped or crashed. Nothing follows, but it still wants `close`. */
  lost(error: unknown): void;
}

/** One reader, as a binding sees it. */
export interface ObservedReader {
  readonly name: string;
  readonly cardPresent: boolean;
  /** A card is there and does not answer: upside down, broken, or no smart card at all. */
  readonly unresponsive: boolean;
  /** Answer to reset of the present card. */
  readonly atr?: Uint8Array;
  /** Counts insertions and removals, so that a quick swap is seen even if only its end was reported. */
  readonly changes: number;
}

/** A running observation. */
export interface ReaderObservation {
  /** Ends it and lets go of everything that keeps the process alive. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** A connected card. What the binding's capabilities deny is absent. */
export interface BindingCard {
  /** What card and reader agreed on; undefined for a direct connection. */
  readonly protocol: Protocol | undefined;

  /** Sends bytes, resolves with what came back, however short. One call at a time. */
  transmit(command: Uint8Array): Promise<Uint8Array>;
  /** Ends the connection. Rejects when the service refuses; the card is not to be used in either case. */
  disconnect(disposition: Disposition): Promise<void>;
  /** SCardBeginTransaction. Waits while another program has one, for as long as it takes. */
  begin?(): Promise<void>;
  /** SCardEndTransaction. */
  end?(disposition: Disposition): Promise<void>;
  /** SCardReconnect: the same connection with a card that was reset, after doing `disposition` to it. */
  reconnect?(share: ShareMode, disposition: Disposition, protocol?: ProtocolChoice): Promise<void>;
  /** SCardControl. @param code as `SCARD_CTL_CODE` makes it on this platform. */
  control?(code: number, input: Uint8Array): Promise<Uint8Array>;
  /** SCardGetAttrib. @param id for example 0x00090303, the ATR. */
  attribute?(id: number): Promise<Uint8Array>;
  /** SCardStatus: what is known of the card now. Sends nothing to it. Fails as a command would: removed, reset. */
  status?(): Promise<CardStatus>;
}

/** What the service knows of a connected card. */
export interface CardStatus {
  readonly readerName: string;
  /** `SCARD_PRESENT`, `SCARD_POWERED` and others, as the service has them: a bit mask in pcsc-lite, a number in Windows. */
  readonly state: number;
  /** Whether the service has the card as powered; undefined where it does not say. */
  readonly powered?: boolean;
  /** What the card speaks now; undefined without a card, or before a protocol was chosen. */
  readonly protocol: Protocol | undefined;
  /** Answer to reset; empty without a card. */
  readonly atr: Uint8Array;
}

/** A PC/SC call that failed, as the service said it. */
export class ScardFailure extends Error {
  override readonly name = 'ScardFailure';
  /** SCARD code, unsigned 32 bits: 0x8010000B. */
  readonly scardCode: number;
  /** Function of the PC/SC API that failed: `SCardTransmit`. */
  readonly call: string;

  constructor(scardCode: number, call: string, cause?: unknown) {
    const code = `0x${scardCode.toString(16).toUpperCase().padStart(8, '0')}`;
    super(`${call} failed with ${code}`, cause === undefined ? undefined : { cause });
    this.scardCode = scardCode;
    this.call = call;
  }
}
