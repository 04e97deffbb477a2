import { CardRemovedError, CardResetError } from '@jpki/iso7816';
import type {
  BindingCard,
  Disposition,
  PcscBinding,
  Protocol,
  ProtocolChoice,
  ShareMode,
} from '../binding.ts';
import { isTimeout, type ServiceQuestion, within } from '../deadline.ts';
import { PcscError } from '../errors.ts';
import { isServiceSilent, pcscErrorFrom } from '../scard/scard-errors.ts';
import { givePower, givePowerUndisturbed } from './card-power.ts';
import { connectCard, knownAtr } from './connect-card.ts';

/** Most tries to bring a card back, when somebody resets it again and again. */
const MAX_ROUNDS = 5;

/** What a link is made from. */
export interface CardLinkOptions {
  readonly binding: PcscBinding;
  readonly readerName: string;
  readonly share: ShareMode;
  readonly protocol: ProtocolChoice | undefined;
  /** Milliseconds for connecting anew. */
  readonly timeout: number;
  /** Milliseconds to wait for the end of another program's transaction. */
  readonly transactionTimeout: number;
  /** Whether the card was taken out of the reader, even if one is in it now. */
  readonly wasTakenOut: () => boolean;
}

/** How long to wait for another program. */
export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; without it those of the link. */
  readonly timeout?: number;
}

/**
 * One connection of a binding, kept alive over resets: what can be done without knowing any command. Calls come one by
 * one; the channel sees to that.
 */
export class CardLink {
  readonly #options: CardLinkOptions;
  #card: BindingCard;
  /** A transaction of ours is open, or was until somebody's reset. */
  #inTransaction = false;
  /** Disconnected in order to connect again, which failed. */
  #broken = false;
  /** A call that was given up and has not returned. */
  #late: Promise<void> | undefined;

  constructor(card: BindingCard, options: CardLinkOptions) {
    this.#card = card;
    this.#options = options;
  }

  get card(): BindingCard {
    return this.#card;
  }

  get protocol(): Protocol | undefined {
    return this.#card.protocol;
  }

  get canBegin(): boolean {
    return this.#card.begin !== undefined && this.#options.binding.capabilities.transactions;
  }

  /** Asks the service for a sign of life, where that can be done. */
  get question(): ServiceQuestion | undefined {
    const { binding } = this.#options;
    return binding.askService?.bind(binding);
  }

  /** There is no connection any more. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** A call of the connection is still out although its caller was told otherwise. */
  get isOccupied(): boolean {
    return this.#late !== undefined;
  }

  /**
   * Begins a transaction. After somebody's reset connects anew and tries again, a few times.
   *
   * @throws {PcscError} `ERR_PCSC_SHARING_VIOLATION` when another program keeps its transaction too long.
   */
  async begin(patience: Patience = {}): Promise<void> {
    for (let round = 1; ; round++) {
      try {
        await this.#beginOnce(patience);
        this.#inTransaction = true;
        return;
      } catch (error) {
        const typed = pcscErrorFrom(error, this.#options.readerName);
        if (!(typed instanceof CardResetError) || round === MAX_ROUNDS) throw typed;
        await this.#reconnectAfterReset(patience);
      }
    }
  }

  /** Ends the transaction, after doing `disposition` to the card. */
  async end(disposition: Disposition = 'leave'): Promise<void> {
    this.#inTransaction = false;
    // One that was given up ends itself when it comes.
    if (!this.isOccupied) await this.#card.end?.(disposition);
  }

  /** After somebody's reset: the same connection again, and in the transaction it was in. */
  async recover(): Promise<void> {
    for (let round = 1; ; round++) {
      try {
        await this.#reconnectAfterReset();
        if (!this.#inTransaction) return;
        // Whether the old one outlived the reset differs by system; ended first, it is held once in both cases.
        await this.#card.end?.('leave').catch(() => undefined);
        return await this.begin();
      } catch (error) {
        const typed = pcscErrorFrom(error, this.#options.readerName);
        if (!(typed instanceof CardResetError) || round === MAX_ROUNDS) throw typed;
      }
    }
  }

  /** Never with another card: what it would be told next, perhaps a PIN, was meant for the one before. */
  async #reconnectAfterReset(patience: Patience = {}): Promise<void> {
    this.#assertSameCard();
    await this.reconnect('leave', patience);
    this.#assertSameCard();
  }

  #assertSameCard(): void {
    if (this.#options.wasTakenOut()) throw new CardRemovedError('the card was taken out of the reader');
  }

  /**
   * Connects anew after doing `disposition` to the card. Where the binding has no SCardReconnect it is a disconnection
   * and a new connection: between the two another program can take the card.
   *
   * @throws {PcscError} `ERR_PCSC_SHARING_VIOLATION` when another program keeps its transaction too long.
   */
  async reconnect(disposition: Disposition, patience: Patience = {}): Promise<void> {
    const { share, protocol, timeout, readerName } = this.#options;
    const card = this.#card;
    if (card.reconnect) {
      const reconnected = card
        .reconnect(share, disposition, protocol)
        .then(() => givePower(card, { share, protocol }));
      return this.#patiently(reconnected, patience, async () => undefined);
    }
    const subject = `reader "${readerName}"`;
    this.#broken = true;
    // A refusal tells that the connection is gone already.
    const disconnected = this.#card.disconnect(disposition);
    await within(disconnected, { timeout, subject, question: this.question }).catch(() => undefined);
    const request = { readerName, share, protocol, disposition };
    const limits = { signal: patience.signal, timeout, subject };
    this.#card = (await connectCard(this.#options.binding, request, limits)).card;
    this.#broken = false;
  }

  /** The ATR as the service has it now, where the binding can ask for it. */
  async atr(): Promise<Uint8Array | undefined> {
    return knownAtr(this.#card);
  }

  #beginOnce(patience: Patience): Promise<void> {
    const card = this.#card;
    const begun = async () => {
      await card.begin?.();
      try {
        await givePowerUndisturbed(card, this.#options);
      } catch (error) {
        // Nobody else would end it, and transactions nest: the next one begins anew.
        await card.end?.('leave').catch(() => undefined);
        throw error;
      }
    };
    return this.#patiently(begun(), patience, async () => card.end?.('leave'));
  }

  /**
   * Waits for a call that may have to wait for another program. It cannot be taken back: when it is given up, the
   * connection is occupied until it returns, and then `undo` is done.
   */
  async #patiently(call: Promise<void>, patience: Patience, undo: () => Promise<void>): Promise<void> {
    const { signal, timeout = this.#options.transactionTimeout } = patience;
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    call.then(settled, settled);
    try {
      const subject = `reader "${this.#options.readerName}"`;
      await within(call, { signal, timeout, subject, question: this.question });
    } catch (error) {
      if (isSettled) throw error;
      const late = call.then(undo).catch(() => undefined);
      this.#late = late.then(() => {
        this.#late = undefined;
      });
      throw isTimeout(error) && !isServiceSilent(error) ? this.#keptTooLong(timeout) : error;
    }
  }

  #keptTooLong(timeout: number): PcscError {
    const { readerName } = this.#options;
    return new PcscError(
      `another program has kept the card to itself for ${timeout} ms (reader "${readerName}")`,
      { code: 'ERR_PCSC_SHARING_VIOLATION', remedy: 'retry', safeToRetry: true, readerName },
    );
  }
}
