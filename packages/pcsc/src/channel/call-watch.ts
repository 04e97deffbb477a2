import { noAnswerWithin, QUESTION_DELAY, type ServiceQuestion } from '../deadline.ts';

/** Milliseconds between two looks at a call; it can be given up so much late. */
const TICK = 250;

/** What a call may take, and whom to ask meanwhile. */
export interface CallLimits {
  /** Milliseconds for one call. */
  readonly timeout: number;
  /** Names the awaited thing in the error. */
  readonly subject: string;
  /** Asks the service for a sign of life; where that rejects, the call is given up with its reason. */
  readonly question: ServiceQuestion | undefined;
}

/**
 * Watches the calls of one channel, one at a time, with one timer for all of them. `within` would make two new ones for
 * every command, which cost more than everything else that is done for it here. The timer ends when it finds no call.
 */
export class CallWatch {
  readonly #limits: CallLimits;
  readonly #tick: number;
  #timer: NodeJS.Timeout | undefined;
  #started = 0;
  #giveUp: ((reason: unknown) => void) | undefined;
  #asking = false;

  constructor(limits: CallLimits) {
    this.#limits = limits;
    this.#tick = Math.min(TICK, limits.timeout);
  }

  /**
   * Waits for a call. One that is given up goes on, since it cannot be taken back.
   *
   * @throws {PcscError} `ERR_PCSC_TIMEOUT` after its time, or when the service is silent; what `call` throws.
   */
  within<T>(call: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#begin(reject);
      call.then(
        (value) => {
          this.#end(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.#end(reject);
          reject(error);
        },
      );
    });
  }

  /** Ends the watching. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #begin(giveUp: (reason: unknown) => void): void {
    this.#giveUp = giveUp;
    this.#started = performance.now();
    if (this.#timer) this.#timer.ref();
    else this.#timer = setInterval(() => this.#look(), this.#tick);
  }

  /** Between two calls nothing keeps the process alive. A call that was given up ends nothing. */
  #end(giveUp: (reason: unknown) => void): void {
    if (this.#giveUp !== giveUp) return;
    this.#giveUp = undefined;
    this.#timer?.unref();
  }

  #look(): void {
    const giveUp = this.#giveUp;
    if (giveUp === undefined) {
      this.close();
      return;
    }
    const { timeout, subject } = this.#limits;
    const elapsed = performance.now() - this.#started;
    if (elapsed >= timeout) {
      this.#stop(giveUp, noAnswerWithin(timeout, subject));
    } else if (elapsed >= QUESTION_DELAY) void this.#ask(giveUp);
  }

  async #ask(giveUp: (reason: unknown) => void): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#limits.question?.();
    } catch (error) {
      this.#stop(giveUp, error);
    } finally {
      this.#asking = false;
    }
  }

  #stop(giveUp: (reason: unknown) => void, reason: unknown): void {
    this.#end(giveUp);
    giveUp(reason);
  }
}
