import { patience, threadsAtRest, threadsWaiting } from '../addon-threads.ts';
import type { ObservedReader, ReaderObservation, ReaderObserver } from '../binding.ts';
import { type ServiceQuestion, within } from '../deadline.ts';
import { isServiceFailure } from '../scard/scard-errors.ts';
import { answersAgain } from '../socket/service-question.ts';
import {
  failureFrom,
  type PcscliteAddon,
  type PcscliteContext,
  type PcscliteReader,
} from './pcsclite-addon.ts';
import { runPromiseJobs } from './promise-jobs.ts';

// Reader states of PC/SC (pcsc-lite, pcsclite.h); the upper half of the number counts changes of the card.
const STATE_PRESENT = 0x0020;
const STATE_MUTE = 0x0200;
const CHANGES_SHIFT = 16;

/**
 * Most milliseconds to wait for the first report on a reader. The service answers such a question from memory, in
 * a few milliseconds; a reader that stays silent for so long is shown without a card.
 */
const FIRST_STATUS_TIMEOUT = 2_000;

interface KnownReader {
  readonly reader: PcscliteReader;
  observed: ObservedReader | undefined;
}

/**
 * One running context of the addon, watched. Three of its traps are handled here: every emitter has an `error`
 * listener (closing itself emits one, which would end the process); nothing is closed inside a listener (the
 * addon holds a mutex meanwhile and would wait for itself); and the list of readers is awaited where the addon
 * reports it, since no event tells of an empty list.
 */
export class PcscliteObservation implements ReaderObservation {
  readonly #question: ServiceQuestion | undefined;
  readonly #opened: Promise<void> | undefined;
  readonly #observer: ReaderObserver;
  readonly #readers: Map<string, KnownReader> = new Map();
  readonly #settled: Promise<void>;
  #settle: () => void = () => undefined;
  #context: PcscliteContext | undefined;
  #listed = false;
  #isSettled = false;
  #ended = false;
  #closing: Promise<void> | undefined;

  /**
   * @param question asks whether the service answers; the addon would wait for it with the event loop standing still.
   * @throws {ScardFailure} without a question, when the service cannot be reached; with one, that is `lost`.
   */
  constructor(addon: PcscliteAddon, observer: ReaderObserver, question?: ServiceQuestion) {
    this.#observer = observer;
    this.#question = question;
    this.#settled = new Promise((resolve) => {
      this.#settle = () => {
        this.#isSettled = true;
        resolve();
      };
    });
    if (question) this.#opened = this.#openWhenAnswered(addon, question);
    else this.#open(addon);
  }

  /** Any reader, from which a connection can be made; undefined while there is none. */
  get anyReader(): PcscliteReader | undefined {
    return this.#readers.values().next().value?.reader;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Never rejects. */
  async #openWhenAnswered(addon: PcscliteAddon, question: ServiceQuestion): Promise<void> {
    try {
      await question();
      if (!this.#closing) this.#open(addon);
    } catch (error) {
      this.#lost(error);
    }
  }

  #open(addon: PcscliteAddon): void {
    let context: PcscliteContext;
    try {
      context = addon();
    } catch (error) {
      throw failureFrom(error);
    }
    this.#context = context;
    context.on('error', (error) => this.#lost(error));
    context.on('reader', (reader) => this.#added(reader));
    this.#announceList(context);
  }

  /** The addon passes each list of readers to the callback of its own `start`, on the next tick. */
  #announceList(context: PcscliteContext): void {
    const start = context.start;
    context.start = (callback) =>
      start.call(context, (error, names) => {
        callback(error, names);
        if (!this.#listed) this.#onFirstList();
      });
  }

  #onFirstList(): void {
    this.#listed = true;
    const timer = setTimeout(() => {
      for (const known of this.#readers.values()) known.observed ??= withoutCard(known.reader.name);
      this.#changed();
    }, FIRST_STATUS_TIMEOUT);
    void this.#settled.then(() => clearTimeout(timer));
    this.#changed();
  }

  #added(reader: PcscliteReader): void {
    const known: KnownReader = { reader, observed: undefined };
    this.#readers.set(reader.name, known);
    reader.on('status', ({ state, atr }) => {
      known.observed = {
        name: reader.name,
        cardPresent: (state & STATE_PRESENT) !== 0,
        unresponsive: (state & STATE_MUTE) !== 0,
        ...(atr && atr.length > 0 && { atr: Uint8Array.from(atr) }),
        changes: state >>> CHANGES_SHIFT,
      };
      this.#changed();
    });
    const gone = () => {
      if (this.#readers.get(reader.name) === known) this.#readers.delete(reader.name);
      this.#changed();
    };
    // An error of one reader ends its reports. That of the service comes from each of them, and the context, one after
    // the other: the readers that are left meanwhile are no news.
    reader.on('error', (error) => {
      if (isServiceFailure(failureFrom(error))) this.#lost(error);
      else gone();
    });
    reader.on('end', gone);
  }

  #changed(): void {
    if (!this.#listed) return;
    runPromiseJobs();
    const observed = [...this.#readers.values()].map((known) => known.observed);
    if (!this.#isSettled && !observed.includes(undefined)) this.#settle();
    if (!this.#isSettled || this.#ended || this.#closing) return;
    this.#observer.update(observed.filter((reader) => reader !== undefined));
  }

  #lost(error: unknown): void {
    this.#settle();
    runPromiseJobs();
    if (this.#ended || this.#closing) return;
    this.#ended = true;
    this.#observer.lost(failureFrom(error));
  }

  async #close(): Promise<void> {
    await this.#opened;
    const context = this.#context;
    if (!context) return;
    // Before its first report a context cannot be closed: the addon would forget that it was asked to. One whose
    // service does not even list its readers is left until it does, since closing it would block the process.
    const limits = { timeout: FIRST_STATUS_TIMEOUT, subject: 'the PC/SC service' };
    await within(this.#settled, limits).catch(() => undefined);
    if (!this.#isSettled) {
      void this.#settled.then(() => this.#closeAll(context));
      return;
    }
    const question = this.#question;
    try {
      await question?.();
    } catch {
      // Closing it now would block the process; one that thaws is closed then.
      if (question) void answersAgain(question).then(() => this.#closeAll(context));
      return;
    }
    await this.#closeAll(context);
  }

  async #closeAll(context: PcscliteContext): Promise<void> {
    // Also leaves the listener that this may have been called from.
    await new Promise<void>((resolve) => setImmediate(resolve));
    const deadline = patience();
    for (const { reader } of [...this.#readers.values()]) {
      await this.#threadsWaiting(deadline);
      reader.close();
    }
    await this.#threadsWaiting(deadline);
    context.close();
    this.#readers.clear();
  }

  /** Until closing does not block. Never rejects: the threads of a service that is gone have ended. */
  #threadsWaiting(deadline: number): Promise<void> {
    const question = this.#question;
    return question ? threadsWaiting(question, deadline).catch(() => undefined) : threadsAtRest(deadline);
  }
}

function withoutCard(name: string): ObservedReader {
  return { name, cardPresent: false, unresponsive: false, changes: 0 };
}
