/** How one command is sent. */
export interface TransmitOptions {
  /**
   * Send although the signal was aborted, although a reset took what was selected, and after a command that nobody
   * awaited: for the command that locks the card on the way out.
   */
  readonly evenIfAborted?: boolean;
}

/** When a session may send: until it ends or its signal aborts, and one command at a time. */
export class SessionScope {
  readonly #signal: AbortSignal | undefined;
  #underWay: Promise<unknown> | undefined;
  #ended = false;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @throws `TypeError` after the end of the session; `signal.reason` when it was aborted. */
  assertOpen({ evenIfAborted = false }: TransmitOptions = {}): void {
    if (this.#ended)
      throw new TypeError('this card session has ended; commands belong inside Card.exclusive');
    if (!evenIfAborted) this.#signal?.throwIfAborted();
  }

  /**
   * Runs one public call of the session. The call that locks the card waits for one that is under way.
   *
   * @throws `TypeError` for any other call beside one that is under way.
   */
  async alone<T>(call: () => Promise<T>, { evenIfAborted = false }: TransmitOptions = {}): Promise<T> {
    const before = this.#underWay;
    if (before !== undefined && !evenIfAborted)
      throw new TypeError('await one command of a session before the next');
    const running = before === undefined ? call() : before.then(call);
    const underWay = running.catch(() => undefined);
    this.#underWay = underWay;
    try {
      return await running;
    } finally {
      if (this.#underWay === underWay) this.#underWay = undefined;
    }
  }

  /** From here on nothing more is sent; resolves when the command under way, if any, has its answer. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#underWay;
  }
}
