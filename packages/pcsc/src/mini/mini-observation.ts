import {
  type ObservedReader,
  type ReaderObservation,
  type ReaderObserver,
  ScardFailure,
} from '../binding.ts';
import { afterPatience } from '../deadline.ts';
import { isServiceFailure } from '../scard/scard-errors.ts';
import { answersAgain } from '../socket/service-question.ts';
import { askThroughAddon } from './addon-question.ts';
import type { MiniClient } from './mini-addon.ts';
import { miniFailure } from './mini-failures.ts';
import type { MiniParts } from './mini-parts.ts';
import { ReaderAtrs } from './reader-atrs.ts';
import { keep, stopWatching, untilWaiting } from './watching-thread.ts';

// Reader states of PC/SC (pcsc-lite, pcsclite.h); the upper half of the number counts changes of the card.
const STATE_IGNORE = 0x0001;
const STATE_UNKNOWN = 0x0004;
const STATE_UNAVAILABLE = 0x0008;
const STATE_GONE = STATE_IGNORE | STATE_UNKNOWN | STATE_UNAVAILABLE;
const STATE_PRESENT = 0x0020;
const STATE_EXCLUSIVE = 0x0080;
const STATE_MUTE = 0x0200;
const CHANGES_SHIFT = 16;

/**
 * Milliseconds of silence after which the first set of readers counts as complete. The addon reports them one
 * after the other, in one go, and nothing at all where there are none.
 */
const QUIET_AFTER_A_READER = 50;
const QUIET_WITHOUT_READERS = 250;

/** Most times that reports are lost one after the other: as cards come and go while the first set is being told. */
const MAX_RESTARTS = 20;

/** Readers watched by one thread of the addon. */
export class MiniObservation implements ReaderObservation {
  readonly #parts: MiniParts;
  readonly #observer: ReaderObserver;
  readonly #atrs: ReaderAtrs;
  readonly #readers: Map<string, ObservedReader> = new Map();
  /** The latest report of each reader; one whose ATR is being read gives way to a later one. */
  readonly #latest: Map<string, number> = new Map();
  readonly #started: Promise<void>;
  #client: MiniClient | undefined;
  /** Calls off the wait for quiet. */
  #stopWaiting: () => void = () => undefined;
  /** How many ATRs are being read. */
  #reading = 0;
  #reports = 0;
  #complete = false;
  /** How many times it has begun to watch anew since the latest complete set. */
  #restarts = 0;
  #ended = false;
  #closing: Promise<void> | undefined;

  constructor(parts: MiniParts, observer: ReaderObserver) {
    this.#parts = parts;
    this.#observer = observer;
    this.#atrs = new ReaderAtrs(parts);
    this.#started = this.#start();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Never rejects. */
  async #start(): Promise<void> {
    try {
      await this.#ask();
      if (!this.#closing) this.#watch();
    } catch (error) {
      this.#lost(error);
    }
  }

  /** Starts to watch, from nothing: the first set of readers is awaited again. */
  #watch(): void {
    const client = this.#parts.addon.newClient();
    this.#readers.clear();
    this.#latest.clear();
    this.#complete = false;
    try {
      client.start(
        (name, status) => {
          if (this.#client === client) this.#changed(name, status);
        },
        (error) => {
          if (this.#client === client) this.#failed(error);
        },
      );
    } catch (error) {
      throw miniFailure(error, 'SCardEstablishContext');
    }
    keep(client);
    this.#client = client;
    this.#awaitQuiet(QUIET_WITHOUT_READERS);
  }

  #changed(name: string, status: number): void {
    if (this.#ended || this.#closing) return;
    this.#reports += 1;
    this.#latest.set(name, this.#reports);
    const present = (status & STATE_PRESENT) !== 0;
    const unresponsive = (status & STATE_MUTE) !== 0;
    const reader = { name, cardPresent: present, unresponsive, changes: status >>> CHANGES_SHIFT };
    if (present && !unresponsive && !(status & STATE_GONE)) {
      void this.#withAtr(reader, this.#reports, (status & STATE_EXCLUSIVE) !== 0);
      return;
    }
    this.#atrs.forget(name);
    if (status & STATE_GONE) {
      this.#readers.delete(name);
      this.#latest.delete(name);
    } else this.#readers.set(name, reader);
    this.#update(true);
  }

  /** Adds a present card once its ATR is there, unless the reader has reported something else by then. */
  async #withAtr(reader: ObservedReader, report: number, taken: boolean): Promise<void> {
    this.#reading += 1;
    const atr = await this.#atrs.of(reader.name, reader.changes);
    this.#reading -= 1;
    // Taken by another program: its end is reported, and then the ATR may be had.
    if (!atr && taken) this.#atrs.forget(reader.name);
    if (this.#latest.get(reader.name) !== report) {
      this.#update(false);
      return;
    }
    const before = this.#readers.get(reader.name);
    // Somebody connecting to the card is a report, too, and changes nothing here.
    const same = before?.cardPresent && before.changes === reader.changes && !before.atr === !atr;
    this.#readers.set(reader.name, { ...reader, ...(atr && { atr }) });
    this.#update(!same);
  }

  /** Reports a change; before the first set is complete, waits for the rest of it. */
  #update(changed: boolean): void {
    if (this.#ended || this.#closing) return;
    if (!this.#complete) this.#awaitQuiet(QUIET_AFTER_A_READER);
    else if (changed) this.#observer.update(this.#present());
  }

  /** In the order of the first reports, however long an ATR took. */
  #present(): ObservedReader[] {
    return [...this.#latest.keys()].flatMap((name) => this.#readers.get(name) ?? []);
  }

  #awaitQuiet(milliseconds: number): void {
    this.#stopWaiting();
    // Reports that came while this program did not run are heard first.
    this.#stopWaiting = afterPatience(milliseconds, () => {
      // The end of a reading waits for quiet again.
      if (this.#reading > 0) return;
      this.#complete = true;
      this.#restarts = 0;
      this.#update(true);
    });
  }

  /**
   * A failure of the service ends it. One of the addon, which has room for four reports, lost reports only: then
   * it watches anew.
   */
  #failed(error: unknown): void {
    const failure = miniFailure(error, 'SCardGetStatusChange');
    const isLost = failure instanceof ScardFailure || this.#restarts === MAX_RESTARTS;
    if (isLost || this.#ended || this.#closing) {
      this.#lost(failure);
      return;
    }
    this.#restarts += 1;
    const client = this.#client;
    // Its thread goes on, and is asking the service at this moment.
    void this.#end(client).catch(() => undefined);
    try {
      this.#watch();
    } catch (again) {
      this.#lost(again);
    }
  }

  #lost(error: unknown): void {
    this.#stopWaiting();
    if (this.#ended || this.#closing) return;
    this.#ended = true;
    this.#observer.lost(error);
  }

  async #close(): Promise<void> {
    await this.#started;
    this.#stopWaiting();
    await this.#atrs.settled();
    await this.#end(this.#client);
    this.#client = undefined;
  }

  /** Stops a client. The thread of a frozen service stays until that thaws: leaving it would block the process for as long. */
  async #end(client: MiniClient | undefined): Promise<void> {
    if (!client) return;
    try {
      await untilWaiting(() => this.#ask());
    } catch (error) {
      if (!isServiceFailure(error)) {
        void answersAgain(() => this.#ask()).then(() => stopWatching(client));
        return;
      }
    }
    await stopWatching(client);
  }

  /** Asks the service for a sign of life. @throws what tells that there was none, or no service */
  #ask(): Promise<void> {
    const { question, addon } = this.#parts;
    return question?.() ?? askThroughAddon(addon);
  }
}
