import { CardResetError } from '@jpki/iso7816';
import type { CardLink } from '../connection/card-link.ts';
import { PcscError, type PcscErrorCode } from '../errors.ts';
import { pcscErrorFrom, REFUSED_COMMANDS } from '../scard/scard-errors.ts';
import { closedError, keptByAnother } from './channel-errors.ts';

/** Failures of a question to the reader: drivers answer one they do not know in many ways, and the card heard nothing. */
const REFUSED_QUESTIONS: ReadonlySet<PcscErrorCode> = new Set([
  ...REFUSED_COMMANDS,
  'ERR_PCSC_INTERNAL',
  'ERR_PCSC_PROTOCOL',
  'ERR_PCSC_COMMUNICATION',
]);

/**
 * Lets the calls of one channel through, one by one, and none any more once the link has failed: the first failure is the
 * answer to every later call.
 */
export class CallGate {
  readonly #link: CardLink;
  readonly #readerName: string;
  #last: Promise<unknown> = Promise.resolve();
  /** Calls that have not ended. */
  #pending = 0;
  #failure: unknown;
  #closed = false;
  readonly #ended = () => {
    this.#pending -= 1;
  };

  constructor(link: CardLink, readerName: string) {
    this.#link = link;
    this.#readerName = readerName;
  }

  /** What stops the calls; undefined while the link is in order. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether nothing but somebody's reset stands in the way. */
  get canRecover(): boolean {
    return this.#failure === undefined || this.#failure instanceof CardResetError;
  }

  /** The link was brought back. */
  mended(): void {
    this.#failure = undefined;
  }

  /** Stops the calls, whatever the reason. */
  broken(error: unknown): void {
    this.#failure ??= error;
  }

  /** Refuses later calls, and waits for those before. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  /** Queues a call behind those before it; where there is none, it begins at once. @throws {PcscError} `ERR_PCSC_CLOSED` */
  next<T>(call: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError(this.#readerName));
    this.#pending += 1;
    const turn = this.#pending === 1 ? atOnce(call) : this.#last.then(call);
    // Before whoever waits for the turn: the call after this one finds nothing pending.
    this.#last = turn.then(this.#ended, this.#ended);
    return turn;
  }

  /** The same for a command to the card, for which the link must be in order. */
  command<T>(call: () => Promise<T>): Promise<T> {
    return this.#inOrder(call, REFUSED_COMMANDS);
  }

  /** The same for a question to the reader. */
  question<T>(call: () => Promise<T>): Promise<T> {
    return this.#inOrder(call, REFUSED_QUESTIONS);
  }

  /** @throws {PcscError} while a call is still out that was given up. */
  assertFree(): void {
    if (this.#link.isOccupied) throw keptByAnother(this.#readerName);
  }

  /** Types the failure of a call, and remembers it unless the link is as good as before. */
  async watched<T>(
    call: () => Promise<T>,
    passing: ReadonlySet<PcscErrorCode> = REFUSED_COMMANDS,
  ): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const typed = pcscErrorFrom(error, this.#readerName);
      const hasPassed = typed instanceof PcscError && passing.has(typed.code) && !this.#link.isBroken;
      if (!hasPassed) this.#failure = typed;
      throw typed;
    }
  }

  #inOrder<T>(call: () => Promise<T>, passing: ReadonlySet<PcscErrorCode>): Promise<T> {
    return this.next(() => {
      if (this.#failure !== undefined) throw this.#failure;
      this.assertFree();
      return this.watched(call, passing);
    });
  }
}

/** Every way through a promise is a turn that the next command waits for: here there is none. */
function atOnce<T>(call: () => Promise<T>): Promise<T> {
  try {
    return call();
  } catch (error) {
    return Promise.reject(error);
  }
}
