import {
  type CardChannel,
  CardRemovedError,
  CardResetError,
  type Circumstances,
  LinkError,
  TODAY,
} from '@jpki/iso7816';
import { TraceEndedError, TraceLeftOverError, TraceMismatchError, TraceRedactedError } from '../errors.ts';
import { plainBytes } from '../masked-bytes.ts';
import type { EventEntry, Trace, TraceEntry } from '../model.ts';
import { matches, shownCommand } from './command-match.ts';

/** How a trace is played. */
export interface ReplayOptions {
  /**
   * `strict`: the next command must be the recorded one. `scan`: the next recorded command that is the same is answered,
   * and what lies between is passed over; nothing before the current place is ever used again.
   */
  readonly mode: 'strict' | 'scan';
}

/** A card that gives the answers of a trace. */
export interface ReplayChannel extends CardChannel {
  readonly circumstances: Circumstances;
  transaction<T>(work: () => Promise<T>): Promise<T>;
  recover(): Promise<void>;
  /** Lines of the recorded commands that a scanning replay passed over, from 1. */
  readonly skipped: readonly number[];
  /**
   * @throws the first {@link TraceMismatchError}, {@link TraceEndedError} or {@link TraceRedactedError} of this replay,
   * also when the program swallowed it; {@link TraceLeftOverError} when commands of a strict replay were not sent.
   */
  assertFinished(): void;
}

/**
 * Plays a trace back. A placeholder in a command takes as many bytes as it says, whatever they are; events become the
 * errors of the link that they were. After a mismatch every further command fails with it.
 *
 * Time and nonces are those of the trace, in its order: the last `* now` stands for later questions as well. A trace
 * without them gives the clock and the system.
 */
export function replay(trace: Trace, options: ReplayOptions): ReplayChannel {
  return new TraceReplay(trace, options);
}

class TraceReplay implements ReplayChannel {
  readonly atr: Uint8Array;
  readonly circumstances: Circumstances;
  readonly #entries: readonly TraceEntry[];
  readonly #strict: boolean;
  readonly #skipped: number[] = [];
  #at = 0;
  /** Why this replay cannot go on. */
  #fault: LinkError | undefined;
  /** What happened to the card, and holds until it is recovered. */
  #down: EventEntry | undefined;
  #closed = false;

  constructor({ header, entries }: Trace, { mode }: ReplayOptions) {
    this.atr = header.atr ?? new Uint8Array();
    // Texts are for readers; time and nonces come on their own.
    this.#entries = entries.filter(
      ({ type }) => type === 'command' || type === 'response' || type === 'event',
    );
    this.#strict = mode === 'strict';
    this.circumstances = recordedCircumstances(entries);
  }

  get skipped(): readonly number[] {
    return [...this.#skipped];
  }

  // Async, so that everything is a rejection.
  async transmit(command: Uint8Array): Promise<Uint8Array> {
    this.#assertOpen();
    this.#raiseEvents();
    const index = this.#find(command);
    if (index === undefined) throw this.#nothingFor(command);
    this.#pass(index);
    this.#at = index + 1;
    return this.#answer(command);
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    this.#raiseEvents();
    return work();
  }

  async recover(): Promise<void> {
    this.#assertOpen();
    const next = this.#event();
    if (next !== undefined) this.#at += 1;
    if (next !== undefined && next.event !== 'connected') throw this.#happened(next);
    if (this.#down?.event === 'removed' || this.#down?.event === 'closed') throw linkErrorOf(this.#down);
    this.#down = undefined;
  }

  assertFinished(): void {
    if (this.#fault !== undefined) throw this.#fault;
    if (!this.#strict) return;
    const rest = this.#entries.slice(this.#at).filter((entry) => entry.type === 'command');
    const [first] = rest;
    if (first !== undefined) throw new TraceLeftOverError(first.line ?? 0, rest.length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
  }

  #assertOpen(): void {
    if (this.#closed) throw new LinkError('the replayed card was closed', { code: 'ERR_TRACE_CLOSED' });
    if (this.#fault !== undefined) throw this.#fault;
  }

  /** The event that stands at the current place. */
  #event(): EventEntry | undefined {
    const next = this.#entries[this.#at];
    return next?.type === 'event' ? next : undefined;
  }

  /** Events between two exchanges meet the next call. */
  #raiseEvents(): void {
    for (let event = this.#event(); event !== undefined; event = this.#event()) {
      this.#at += 1;
      if (event.event === 'connected') this.#down = undefined;
      // Closing was the program's own doing, and it may open the card again.
      else if (event.event !== 'closed') throw this.#happened(event);
    }
  }

  #happened(event: EventEntry): LinkError {
    this.#down = event;
    return linkErrorOf(event);
  }

  /** Index of the recorded command that `command` is. */
  #find(command: Uint8Array): number | undefined {
    const isIt = (entry: TraceEntry | undefined) =>
      entry?.type === 'command' && matches(entry.bytes, command);
    if (this.#strict) return isIt(this.#entries[this.#at]) ? this.#at : undefined;
    const index = this.#entries.findIndex((entry, at) => at >= this.#at && isIt(entry));
    return index < 0 ? undefined : index;
  }

  /** Notes what a scanning replay passes over. */
  #pass(index: number): void {
    for (const entry of this.#entries.slice(this.#at, index)) {
      if (entry.type === 'command') this.#skipped.push(entry.line ?? 0);
      if (entry.type === 'event') this.#down = entry.event === 'connected' ? undefined : this.#down;
    }
  }

  #nothingFor(command: Uint8Array): LinkError {
    // A card that was taken out stays so, however often a program tries.
    if (this.#down !== undefined) return linkErrorOf(this.#down);
    const expected = this.#entries.slice(this.#at).find((entry) => entry.type === 'command');
    const received = shownCommand([command]);
    this.#fault =
      expected === undefined
        ? new TraceEndedError(this.#lastLine(), received)
        : new TraceMismatchError(expected.line ?? 0, shownCommand(expected.bytes), received);
    return this.#fault;
  }

  /** What was recorded after a command: its answer, or what happened instead. */
  #answer(command: Uint8Array): Uint8Array {
    const next = this.#entries[this.#at];
    if (next === undefined || next.type === 'command') {
      this.#fault = new TraceEndedError(this.#lastLine(), shownCommand([command]));
      throw this.#fault;
    }
    this.#at += 1;
    if (next.type === 'event') throw this.#happened(next);
    const answer = next.type === 'response' ? plainBytes(next.bytes) : undefined;
    if (answer !== undefined) return answer;
    this.#fault = new TraceRedactedError(next.line ?? 0);
    throw this.#fault;
  }

  #lastLine(): number {
    return this.#entries[this.#at - 1]?.line ?? 0;
  }
}

/** The error that an event was. */
function linkErrorOf({ event, code }: EventEntry): LinkError {
  if (event === 'removed') return new CardRemovedError();
  if (event === 'reset') return new CardResetError();
  const known = code ?? 'ERR_TRACE_LINK_FAILED';
  return new LinkError(`the link to the card failed when the trace was recorded: ${known}`, { code: known });
}

/** Times and nonces of the trace, each in its own order. */
function recordedCircumstances(entries: readonly TraceEntry[]): Circumstances {
  const times = entries.flatMap((entry) => (entry.type === 'now' ? [entry.time] : []));
  const nonces = entries.flatMap((entry) => (entry.type === 'nonce' ? [entry] : []));
  let asked = 0;
  let drawn = 0;
  return {
    now: () => new Date(times[asked++] ?? times.at(-1) ?? TODAY.now()),
    nonce: (length) => {
      const nonce = nonces[drawn++];
      if (nonce === undefined) return TODAY.nonce(length);
      if (nonce.bytes.length === length) return new Uint8Array(nonce.bytes);
      throw new TraceMismatchError(
        nonce.line ?? 0,
        `a nonce of ${nonce.bytes.length} bytes`,
        `a question for ${length}`,
      );
    },
  };
}
