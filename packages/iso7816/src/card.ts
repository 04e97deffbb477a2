import { CardSession } from './card-session.ts';
import { type CardChannel, layered } from './channel.ts';
import { getResponse, tolerateFirstFailure } from './layers.ts';

export interface CardOptions {
  /**
   * Read files with extended Le. Off by default: not every card takes it, so it is for callers who know theirs.
   * A card that refuses it (6700) is read with short Le from then on.
   */
  readonly extendedLe?: boolean;
}

/**
 * One smart card, shared by everybody in this process who holds the object. Commands exist only inside
 * {@link Card.exclusive}: a file selected by one caller can never be taken from under another.
 */
export class Card implements AsyncDisposable {
  readonly #channel: CardChannel;
  readonly #features: { extendedLe: boolean };
  #last: Promise<unknown> = Promise.resolve();

  constructor(channel: CardChannel, options: CardOptions = {}) {
    this.#channel = layered(channel, tolerateFirstFailure(), getResponse());
    this.#features = { extendedLe: options.extendedLe ?? false };
  }

  /** Answer to reset. Never decide from it what a card is: several makers share this card (card-protocol.md 1.1). */
  get atr(): Uint8Array {
    return this.#channel.atr;
  }

  /**
   * Runs `work` alone on the card: after every earlier caller, and inside a transaction where the link has one.
   * No person may be waited for inside; ask first. The session ends with `work`.
   *
   * @throws whatever `work` throws; `signal.reason` when aborted while waiting.
   */
  exclusive<T>(
    work: (session: CardSession) => Promise<T>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const turn = this.#last.then(async () => {
      options.signal?.throwIfAborted();
      const session = new CardSession(this.#channel, this.#features, options.signal);
      const run = async () => {
        try {
          return await work(session);
        } finally {
          session.end();
        }
      };
      return this.#channel.transaction ? this.#channel.transaction(run) : run();
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Waits for the callers in the queue, then closes the channel. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#channel[Symbol.asyncDispose]();
  }
}
