import { EventEmitter } from 'node:events';
import type { AddonReader } from './addon-reader.ts';
import { type AddonWorld, Reporter } from './addon-world.ts';
import { ScardCallError, scardCodes } from './scard.ts';
import type { ScardContext } from './slot.ts';

/** Gets an error, or the list of readers as PC/SC has it: names with a zero byte behind each, and one at the end. */
export type StartCallback = (error: unknown, names?: Buffer) => void;

/** Milliseconds between two looks for readers where their arrival cannot be waited for. */
const POLL_DELAY = 1_000;

interface ListReport {
  readonly error: unknown;
  readonly names: readonly string[];
  readonly last: boolean;
}

/** The class of readers of one mock; the addon makes them from their name alone. */
export type AddonReaderClass = new (name: string) => AddonReader;

/** What the addon's own function returns: an emitter of `reader` and `error`. */
export class AddonContext extends EventEmitter {
  /** The readers that are there, by name. */
  readonly readers: Record<string, AddonReader> = {};
  readonly #world: AddonWorld;
  readonly #context: ScardContext;
  readonly #readerClass: AddonReaderClass;
  /** As in the addon: 0 runs, 1 was closed, 2 ended by itself. */
  #phase: 0 | 1 | 2 = 0;
  #started = false;
  #reported = false;

  /** @throws {Error} with a code in its text when the service is not there. */
  constructor(world: AddonWorld, readerClass: AddonReaderClass) {
    super();
    this.#world = world;
    this.#readerClass = readerClass;
    try {
      this.#context = world.manager.establishContext();
    } catch (error) {
      throw world.errorOf(error);
    }
    process.nextTick(() => this.start((error, names) => this.#onList(error, names)));
  }

  start(callback: StartCallback): void {
    this.#started = true;
    const reporter = new Reporter<ListReport>((report) => this.#report(report, callback, reporter));
    void this.#watch(reporter);
  }

  /** Ends the watch for readers, not those of the readers themselves. An `error` follows: "Command cancelled". */
  close(): number {
    const { traps, manager } = this.#world;
    if (!this.#started || this.#phase !== 0) return 0;
    if (!this.#reported) traps.deadlock('close of a context that has not listed its readers yet');
    if (manager.profile.readerNotification.value) manager.cancel(this.#context);
    else traps.note('blocked', 'close of a context that asks for readers every second');
    this.#phase = 1;
    this.#stopPoll();
    return 0;
  }

  /** Ends the pause between two looks. */
  #stopPoll: () => void = () => undefined;

  async #watch(reporter: Reporter<ListReport>): Promise<void> {
    const { manager } = this.#world;
    const waits = manager.profile.readerNotification.value;
    let failure: unknown;
    let names: readonly string[] = [];
    while (this.#phase === 0) {
      const version = manager.listVersion;
      try {
        names = await this.#list();
        reporter.send({ error: undefined, names, last: false });
        if (waits) await manager.readerListChange(this.#context, version);
        else await this.#pollPause();
      } catch (error) {
        failure = error;
        // Also after a close, which is why closing ends in an error.
        this.#phase = 2;
      }
    }
    reporter.send({ error: failure, names, last: true });
  }

  async #list(): Promise<string[]> {
    try {
      return await this.#world.manager.listReaders(this.#context);
    } catch (error) {
      if (error instanceof ScardCallError && error.scardCode === scardCodes.NO_READERS_AVAILABLE) return [];
      throw error;
    }
  }

  #pollPause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#world.manager.clock.after(POLL_DELAY, resolve);
      this.#stopPoll = () => {
        cancel();
        resolve();
      };
    });
  }

  #report({ error, names, last }: ListReport, callback: StartCallback, reporter: Reporter<ListReport>): void {
    this.#reported = true;
    if (last) {
      reporter.close();
      this.#world.manager.releaseContext(this.#context);
    }
    if (this.#phase === 1) return;
    if (error === undefined)
      callback(undefined, Buffer.from(`${names.map((name) => `${name}\0`).join('')}\0`));
    else callback(this.#world.errorOf(error));
  }

  #onList(error: unknown, names: Buffer | undefined): void {
    if (error || !names) {
      this.emit('error', error);
      return;
    }
    const present = names.toString().split('\0').filter(Boolean);
    const known = Object.keys(this.readers);
    for (const name of present) if (!known.includes(name)) this.#added(name);
    for (const name of known) if (!present.includes(name)) this.readers[name]?.close();
  }

  #added(name: string): void {
    const reader = new this.#readerClass(name);
    reader.on('_end', () => {
      reader.removeAllListeners('status');
      reader.emit('end');
      delete this.readers[name];
    });
    this.readers[name] = reader;
    reader.get_status((error, state, atr) => {
      if (error) {
        reader.emit('error', error);
        return;
      }
      reader.emit('status', { state, atr });
      reader.state = state;
    });
    this.emit('reader', reader);
  }
}
