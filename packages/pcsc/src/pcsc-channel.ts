import { type CardChannel, CardRemovedError } from '@jpki/iso7816';
import type { BindingCard, Disposition } from './binding.ts';
import { within } from './deadline.ts';
import { PcscError } from './errors.ts';
import { pcscErrorFrom } from './scard-errors.ts';

export interface PcscChannelOptions {
  readonly readerName: string;
  readonly atr: Uint8Array;
  readonly disposition: Disposition;
  /** Milliseconds a card may take for one command. */
  readonly transmitTimeout: number;
  /** Told once, when the channel is closed. */
  readonly onClosed: () => void;
}

/**
 * A card in a PC/SC reader. Commands go one after the other, however they are called. After the first failure of
 * the link nothing is sent any more: the card is gone, reset, or in an unknown state, and a new connection is due.
 */
export class PcscChannel implements CardChannel {
  readonly atr: Uint8Array;
  /** The reader the card is in. */
  readonly readerName: string;
  readonly #card: BindingCard;
  readonly #options: PcscChannelOptions;
  #last: Promise<unknown> = Promise.resolve();
  #failure: unknown;
  #closing: Promise<void> | undefined;

  constructor(card: BindingCard, options: PcscChannelOptions) {
    this.#card = card;
    this.#options = options;
    this.atr = options.atr;
    this.readerName = options.readerName;
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
    if (this.#closing) return Promise.reject(closedError(this.readerName));
    const answer = this.#last.then(() => this.#transmit(command));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Waits for the command under way, then ends the connection. Idempotent; never rejects. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #transmit(command: Uint8Array): Promise<Uint8Array> {
    if (this.#failure) throw this.#failure;
    try {
      const limits = {
        timeout: this.#options.transmitTimeout,
        subject: `the card in reader "${this.readerName}"`,
      };
      const response = await within(this.#card.transmit(command), limits);
      // Seen with a card that was taken away during a command: success, and no bytes (dependencies.md 2).
      if (response.length < 2) throw new CardRemovedError('the card was removed before it answered');
      return response;
    } catch (error) {
      this.#failure = pcscErrorFrom(error, this.readerName);
      throw this.#failure;
    }
  }

  async #close(): Promise<void> {
    await this.#last;
    // A refusal tells that the connection is gone already; there is nothing a caller could do about it.
    const disconnected = this.#card.disconnect(this.#options.disposition).catch(() => undefined);
    // A card that never answered would never be disconnected either: the service serves it in order.
    if (!isTimeout(this.#failure)) await disconnected;
    this.#options.onClosed();
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof PcscError && error.code === 'ERR_PCSC_TIMEOUT' && error.scardCode === undefined;
}

function closedError(readerName: string): PcscError {
  return new PcscError(`the connection to the card is closed (reader "${readerName}")`, {
    code: 'ERR_PCSC_CLOSED',
    readerName,
  });
}
