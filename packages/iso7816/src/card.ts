import type { CardMemory } from './card-memory.ts';
import { CardSession } from './card-session.ts';
import { type CardChannel, type Circumstances, layered, TODAY } from './channel.ts';
import { getResponse, tolerateFirstFailure } from './layers.ts';
import { RefusedPins } from './refused-pins.ts';
import { ShortIds } from './short-ids.ts';

/** What a caller may say about the card it opens. */
export interface CardOptions {
  /**
   * Read files with extended Le. Off by default: not every card takes it, so it is for callers who know theirs.
   * A card that refuses it (6700) is read with short Le from then on.
   */
  readonly extendedLe?: boolean;
  /**
   * Mean files by their short identifiers instead of selecting them. Off by default: not every card is known to take
   * them. A READ BINARY must succeed with one before any other command, above all VERIFY, uses them on this card.
   */
  readonly shortIds?: boolean;
  /**
   * Answer 61xx with GET RESPONSE, for every command but those that carry a PIN, and 6Cxx with the corrected Le, for
   * those that do not use a key either. On by default; a trace shows it, since recorders sit below. Switched off, such
   * status words come up as they are.
   */
  readonly getResponse?: boolean;
}

/**
 * One smart card, shared by everybody in this process who holds the object. Commands exist only inside
 * {@link Card.exclusive}: a file selected by one caller can never be taken from under another.
 */
export class Card implements AsyncDisposable {
  readonly #channel: CardChannel;
  readonly #memory: CardMemory;
  #last: Promise<unknown> = Promise.resolve();

  constructor(channel: CardChannel, options: CardOptions = {}) {
    const chaining = options.getResponse === false ? [] : [getResponse()];
    this.#channel = layered(channel, tolerateFirstFailure(), ...chaining);
    this.#memory = {
      extendedLe: options.extendedLe ?? false,
      shortIds: new ShortIds(options.shortIds ?? false),
      refusedPins: new RefusedPins(),
    };
  }

  /** Answer to reset. Never decide from it what a card is: several makers share this card (card-protocol.md 1.1). */
  get atr(): Uint8Array {
    return this.#channel.atr;
  }

  /** The time and the challenges of this exchange: those of today, or of the day a replayed trace was recorded. */
  get circumstances(): Circumstances {
    return this.#channel.circumstances ?? TODAY;
  }

  /**
   * Runs `work` alone on the card: after every earlier caller, and inside a transaction where the link has one.
   * No person may be waited for inside; ask first. The session ends with `work`. Calling `exclusive` of the same
   * card inside `work` and awaiting it waits for ever: pass the session on instead.
   *
   * @throws whatever `work` throws; `signal.reason`, at once, when aborted while waiting: then `work` never runs.
   */
  exclusive<T>(
    work: (session: CardSession) => Promise<T>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const { signal } = options;
    const wait = untilAborted(signal);
    const run = async () => {
      wait.over();
      signal?.throwIfAborted();
      const session = new CardSession(this.#channel, this.#memory, signal);
      try {
        return await work(session);
      } finally {
        await session.end();
      }
    };
    const turn = this.#last.then(async () => {
      signal?.throwIfAborted();
      return this.#channel.transaction ? this.#channel.transaction(run) : run();
    });
    this.#last = turn.catch(() => undefined).finally(wait.over);
    return Promise.race([turn, wait.aborted]);
  }

  /** Waits for the callers in the queue, then closes the channel. */
  [Symbol.asyncDispose](): Promise<void> {
    const closed = this.#last.then(() => this.#channel[Symbol.asyncDispose]());
    this.#last = closed.catch(() => undefined);
    return closed;
  }
}

/** `aborted` rejects with the signal's reason, unless `over` was called before. */
function untilAborted(signal: AbortSignal | undefined): { aborted: Promise<never>; over: () => void } {
  let over = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal?.reason);
    over = () => signal?.removeEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort);
  });
  return { aborted, over };
}
