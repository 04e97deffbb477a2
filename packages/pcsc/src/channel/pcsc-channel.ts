import { type CardChannel, CardRemovedError } from '@jpki/iso7816';
import type { BindingCard, Disposition, PcscBinding, Protocol, ShareMode } from '../binding.ts';
import { CardLink, type CardLinkOptions } from '../connection/card-link.ts';
import { handBack } from '../connection/hand-back.ts';
import { isTimeout, within } from '../deadline.ts';
import type { ReaderAttribute } from '../readers/reader-attributes.ts';
import type { ReaderFeatures } from '../readers/reader-features.ts';
import { isServiceSilent } from '../scard/scard-errors.ts';
import { CallGate } from './call-gate.ts';
import { CallWatch } from './call-watch.ts';
import { noTransactions, notForDirect } from './channel-errors.ts';
import { exchangeFailure } from './exchange-failure.ts';
import { type ReaderCallOptions, ReaderCalls } from './reader-calls.ts';

/** What a channel is made from; for {@link Pcsc.connect}. */
export interface PcscChannelOptions extends CardLinkOptions {
  readonly atr: Uint8Array;
  readonly disposition: Disposition;
  /** Milliseconds a card may take for one command. */
  readonly transmitTimeout: number;
  /** Whether no card is in the reader any more. */
  readonly isCardGone: () => Promise<boolean>;
  /** Told once, when the channel is closed. */
  readonly onClosed: () => void;
}

/**
 * A card in a PC/SC reader. Commands go one after the other, however they are called. After a failure of the link
 * nothing is sent any more: the card is gone or in an unknown state, and a new connection is due. Only somebody else's
 * reset can be overcome ({@link recover}), and a call that was refused because another program has the card can be made
 * again.
 */
export class PcscChannel implements CardChannel {
  /** The reader the card is in. */
  readonly readerName: string;
  /** Who else may be connected: what was asked for, or what could be had. */
  readonly share: ShareMode;
  readonly #binding: PcscBinding;
  readonly #link: CardLink;
  readonly #options: PcscChannelOptions;
  #atr: Uint8Array;
  readonly #gate: CallGate;
  readonly #watch: CallWatch;
  readonly #reader: ReaderCalls;
  #lastTransaction: Promise<unknown> = Promise.resolve();
  /** What is to become of the card at the end was done to it. */
  #isHandedBack = false;
  #closing: Promise<void> | undefined;

  /** Use {@link Pcsc.connect}. */
  constructor(card: BindingCard, options: PcscChannelOptions) {
    this.#link = new CardLink(card, options);
    this.#gate = new CallGate(this.#link, options.readerName);
    const subject = `the card in reader "${options.readerName}"`;
    this.#watch = new CallWatch({ timeout: options.transmitTimeout, subject, question: this.#link.question });
    this.#reader = new ReaderCalls(this.#link, this.#gate, {
      bindingName: options.binding.name,
      readerName: options.readerName,
      answer: (answer, timeout) => this.#answer(answer, timeout),
    });
    this.#binding = options.binding;
    this.#options = options;
    this.#atr = options.atr;
    this.readerName = options.readerName;
    this.share = options.share;
  }

  /** Answer to reset; empty where there is no card (a direct connection). */
  get atr(): Uint8Array {
    return this.#atr;
  }

  /** What card and reader agreed on; undefined for a direct connection. */
  get protocol(): Protocol | undefined {
    return this.#link.protocol;
  }

  /**
   * Sends one command; see {@link CardChannel.transmit}. A sent command is waited for, as its answer may be the
   * only news of a PIN counter; only after `transmitTimeout` the card is given up.
   *
   * @throws {CardRemovedError} when the card is gone, also when the service reports success with no answer.
   * @throws {CardResetError} when another program reset it.
   * @throws {PcscError} for all else.
   */
  transmit(command: Uint8Array): Promise<Uint8Array> {
    if (this.share === 'direct') return Promise.reject(notForDirect(this.readerName));
    return this.#gate.command(() => this.#response(this.#link.card.transmit(command)));
  }

  /**
   * Runs `work` while no other program can send to the card. An exclusive connection keeps them out by itself. Do not
   * wait for a person inside: Windows resets a card after five seconds of silence. Transactions of one channel run one
   * after the other; one inside another would wait for ever.
   *
   * @throws whatever `work` throws; {@link PcscError} `ERR_PCSC_SHARING_VIOLATION` when another program keeps the card
   *   longer than `transactionTimeout`, `ERR_PCSC_UNSUPPORTED` for a shared connection where the binding has no
   *   transactions; `signal.reason` when aborted before it began.
   */
  transaction<T>(work: () => Promise<T>, options: { readonly signal?: AbortSignal } = {}): Promise<T> {
    const turn = this.#lastTransaction.then(() => this.#transact(work, options.signal));
    this.#lastTransaction = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Makes the channel usable again after a {@link CardResetError}, in the transaction it was in. Nothing is selected
   * then. Without such an error it does nothing; after any other failure it throws that.
   */
  recover(): Promise<void> {
    return this.#gate.next(() => this.#recover());
  }

  /**
   * Resets the card: `warm` keeps its power and so may keep a verified PIN, `cold` takes it for a moment. Where the
   * binding has no SCardReconnect, the card is disconnected and connected again: another program can take it in between.
   * Other programs that share the card are told that it was reset.
   */
  async reset(kind: 'warm' | 'cold'): Promise<void> {
    await this.#gate.next(async () => {
      if (!this.#gate.canRecover) throw this.#gate.failure;
      this.#gate.assertFree();
      await this.#reconnect(kind === 'warm' ? 'reset' : 'unpower');
      // It went through all the same, and whoever's reset was before it does not matter any more.
      this.#gate.mended();
      this.#atr = (await this.#link.atr()) ?? this.#atr;
    });
  }

  /**
   * Tells the reader something: SCardControl.
   *
   * @param code as {@link controlCode} makes it on this system, or from {@link features}.
   * @throws {PcscError} `ERR_PCSC_UNSUPPORTED` when the reader does not know it, or the binding cannot do it.
   */
  control(code: number, data?: Uint8Array, options?: ReaderCallOptions): Promise<Uint8Array> {
    return this.#reader.control(code, data, options);
  }

  /**
   * An attribute of the reader or the card, as the reader has it.
   *
   * @param attribute its name in {@link readerAttributes}, or any number.
   * @throws {PcscError} `ERR_PCSC_UNSUPPORTED` when the reader does not have it, or the binding cannot ask.
   */
  attribute(attribute: ReaderAttribute | number): Promise<Uint8Array> {
    return this.#reader.attribute(attribute);
  }

  /** What the reader can do beyond carrying APDUs (PC/SC part 10); empty where it says that it has no such list. */
  features(): Promise<ReaderFeatures> {
    return this.#reader.features();
  }

  /** Waits for the command under way, then ends the connection. Idempotent; never rejects. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #response(answer: Promise<Uint8Array>): Promise<Uint8Array> {
    let response: Uint8Array;
    try {
      response = await this.#watch.within(answer);
    } catch (error) {
      throw await exchangeFailure(error, this.#options.isCardGone);
    }
    // Seen with a card that was taken away during a command: success, and no bytes (dependencies.md 2).
    if (response.length < 2) throw new CardRemovedError('the card was removed before it answered');
    return response;
  }

  #answer(answer: Promise<Uint8Array>, timeout: number = this.#options.transmitTimeout): Promise<Uint8Array> {
    const subject = `the card in reader "${this.readerName}"`;
    return within(answer, { timeout, subject, question: this.#link.question });
  }

  async #recover(): Promise<void> {
    if (!this.#gate.canRecover) throw this.#gate.failure;
    if (this.#gate.failure === undefined) return;
    await this.#gate.watched(() => this.#link.recover());
    this.#gate.mended();
  }

  async #reconnect(disposition: Disposition): Promise<void> {
    try {
      await this.#gate.watched(() => this.#link.reconnect(disposition));
    } catch (error) {
      // Given up, it may still reset the card under commands that know nothing of it.
      if (this.#link.isOccupied) this.#gate.broken(error);
      throw error;
    }
  }

  async #transact<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    if (this.share === 'exclusive') return work();
    if (!this.#link.canBegin) throw noTransactions(this.#binding.name, this.readerName);
    await this.#gate.next(async () => {
      await this.#recover();
      this.#gate.assertFree();
      await this.#begin(signal);
    });
    try {
      return await work();
    } finally {
      // What `work` did is done: that the end of its transaction failed concerns the next call, which will meet it.
      await this.#gate.next(() => this.#endTransaction()).catch(() => undefined);
    }
  }

  /**
   * A card whose link failed could not be locked, and one that is silent may still come to verify a PIN: nobody is given
   * it as it is.
   */
  async #endTransaction(): Promise<void> {
    if (this.#gate.canRecover) return this.#gate.watched(() => this.#watch.within(this.#link.end('leave')));
    if (this.#link.isOccupied) return;
    const ended = this.#link.end(this.#options.disposition).then(() => {
      this.#isHandedBack = true;
    });
    const { failure } = this.#gate;
    if (!isTimeout(failure) && !isServiceSilent(failure)) return this.#watch.within(ended);
    // Behind a call that never returns it is asked for, and would be waited for in vain. A disconnection that takes the
    // power as well could do so in the middle of the next program's transaction.
    this.#isHandedBack = true;
    ended.catch(() => undefined);
  }

  async #begin(signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#link.begin({ signal });
    } catch (error) {
      if (signal?.aborted && error === signal.reason) throw error;
      await this.#gate.watched(() => Promise.reject(error));
    }
  }

  async #close(): Promise<void> {
    await this.#gate.close();
    this.#watch.close();
    const { readerName, share } = this;
    const isUsable = this.#gate.canRecover;
    const isSilent = isTimeout(this.#gate.failure);
    const disposition = this.#isHandedBack ? 'leave' : this.#options.disposition;
    await handBack(this.#link, { readerName, share, disposition, isUsable, isSilent });
    this.#options.onClosed();
  }
}
