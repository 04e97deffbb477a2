import {
  type CardChannel,
  CardError,
  CardRemovedError,
  CardResetError,
  type ChannelLayer,
  type Circumstances,
  encodeCommand,
  type PinPad,
  TODAY,
} from '@jpki/iso7816';
import type { EventEntry, Holder, TraceEntry } from '../model.ts';
import { CODE_PATTERN, TraceLimit, traceDuration, traceText } from '../text/grammar.ts';
import type { Equivalent } from './equivalent.ts';
import { type ExchangeLog, RedactedLog } from './exchange-log.ts';
import { SynthesizedLog } from './synthesize.ts';

/**
 * Takes the entries of a recording one by one, each as soon as it is known: a command before it is sent. It must not
 * keep the exchange waiting, so it writes to memory, or to a file synchronously.
 */
export type TraceSink = (entry: TraceEntry) => void;

/** How a recording is made. */
export interface RecordOptions {
  /** Whose card it is: decides what stays readable. */
  readonly holder: Holder;
  /** Milliseconds of a clock that never goes back. Default: `performance.now`. */
  readonly clock?: () => number;
  /**
   * Writes, where placeholders would stand, what another card would have answered: then the trace can be replayed. A
   * command that reads such a file is written only when the reading has ended.
   */
  readonly synthesize?: { readonly equivalent: Equivalent };
}

/** Records what passes between a program and a card, redacted before the sink sees it. */
export function recorder(sink: TraceSink, options: RecordOptions): Recorder {
  return new Recorder(sink, options);
}

/**
 * One recording. Its {@link Recorder.layer} goes next to the card, so that it sees every command.
 *
 * A recording never changes the exchange: no command is refused, repeated or delayed because of it. When the sink
 * throws, or the recorder itself fails, the recording ends there for good and {@link Recorder.failure} says why. A trace
 * with a hole would tell a false story; one that stops tells a true one. So it does where a command is sent before the
 * last one is answered. The one thing that is waited for is a signature of an {@link Equivalent}.
 */
export class Recorder {
  readonly #sink: TraceSink;
  readonly #log: ExchangeLog;
  readonly #clock: () => number;
  #failure: { readonly error: unknown } | undefined;
  #attached = false;
  /** Entries given to the sink. */
  #written = 0;
  /** Commands sent and not answered. */
  #underWay = 0;

  constructor(sink: TraceSink, options: RecordOptions) {
    this.#sink = sink;
    this.#clock = options.clock ?? (() => performance.now());
    const write = (entry: TraceEntry) => this.#write(entry);
    const { holder, synthesize } = options;
    this.#log =
      synthesize === undefined
        ? new RedactedLog(write, holder)
        : new SynthesizedLog(write, holder, synthesize.equivalent);
  }

  /** What ended the recording before its time; `undefined` while nothing did. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** The channel with the recording. A second channel, of a card that was put back, goes on with the same trace. */
  readonly layer: ChannelLayer = (inner) => {
    if (this.#attached) this.#event({ type: 'event', event: 'connected' });
    this.#attached = true;
    const circumstances = this.#circumstances(inner.circumstances ?? TODAY);
    return {
      get atr() {
        return inner.atr;
      },
      circumstances,
      transmit: (command) => this.#exchange(command, () => inner.transmit(command)),
      ...(inner.transaction && {
        transaction: <T>(work: () => Promise<T>) => this.#transaction(inner, work),
      }),
      ...(inner.recover && { recover: () => this.#recover(inner) }),
      [Symbol.asyncDispose]: () => this.#close(inner),
    };
  };

  /**
   * The keypad with the recording: its commands do not pass through the channel. Nobody here knows the PIN, nor its
   * length; the trace has a placeholder of the shortest one allowed, and says that a keypad was used.
   */
  pinPad(inner: PinPad): PinPad {
    return {
      enter: (request) => {
        this.note('the keypad of the reader put in the PIN; its length is not known');
        const [cla = 0, ins = 0, p1 = 0, p2 = 0] = request.header;
        const data = new Uint8Array(Math.max(request.format.minLength, 1));
        return this.#exchange(encodeCommand({ cla, ins, p1, p2, data }), () => inner.enter(request));
      },
    };
  }

  /** Says what the commands that follow are for; what no trace can hold is left out. */
  heading(text: string): void {
    this.#text('heading', text);
  }

  note(text: string): void {
    this.#text('note', text);
  }

  /** Writes what was held back. Closing the channel does the same. */
  end(): void {
    this.#guarded(() => this.#log.end());
  }

  #text(type: 'heading' | 'note', text: string): void {
    const shown = traceText(text);
    if (shown !== undefined) this.#guarded(() => this.#log.entry({ type, text: shown }));
  }

  async #exchange(command: Uint8Array, send: () => Promise<Uint8Array>): Promise<Uint8Array> {
    let started = Number.NaN;
    this.#guarded(() => {
      // Of two answers on their way, nobody could tell which is the person's, and which may be seen.
      if (this.#underWay > 0) throw new TypeError('a command was sent before the answer to the last one');
      this.#log.command(command);
      started = this.#clock();
    });
    this.#underWay += 1;
    try {
      const answer = await send();
      await this.#guardedAsync(() => this.#log.response(answer, traceDuration(this.#clock() - started)));
      return answer;
    } catch (error) {
      this.#event(eventOf(error));
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** An asynchronous sink is against the contract; what it rejects with must not end the process. */
  #write(entry: TraceEntry): void {
    if (this.#written++ === TraceLimit.ENTRIES)
      throw new RangeError(`a trace has at most ${TraceLimit.ENTRIES} entries`);
    const written: unknown = this.#sink(entry);
    if (written instanceof Promise)
      written.catch((error: unknown) => {
        this.#failure ??= { error };
      });
  }

  async #transaction<T>(inner: CardChannel, work: () => Promise<T>): Promise<T> {
    let began = false;
    const run = () => {
      began = true;
      // Before it, other programs could select what they liked.
      this.#guarded(() => this.#log.forget());
      return work();
    };
    try {
      return await (inner.transaction?.(run) ?? run());
    } catch (error) {
      // What `work` throws was recorded with the command that failed, or is none of the link's.
      if (!began) this.#event(eventOf(error));
      throw error;
    }
  }

  async #recover(inner: CardChannel): Promise<void> {
    try {
      await inner.recover?.();
    } catch (error) {
      this.#event(eventOf(error));
      throw error;
    }
    this.#event({ type: 'event', event: 'connected' });
  }

  async #close(inner: CardChannel): Promise<void> {
    this.#event({ type: 'event', event: 'closed' });
    this.end();
    await inner[Symbol.asyncDispose]();
  }

  #circumstances(inner: Circumstances): Circumstances {
    return {
      now: () => {
        const time = inner.now();
        this.#guarded(() => this.#log.entry({ type: 'now', time: new Date(time) }));
        return time;
      },
      nonce: (length) => {
        const bytes = inner.nonce(length);
        this.#guarded(() => this.#log.entry({ type: 'nonce', bytes: new Uint8Array(bytes) }));
        return bytes;
      },
    };
  }

  #event(event: EventEntry): void {
    this.#guarded(() => this.#log.event(event));
  }

  #guarded(write: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      write();
    } catch (error) {
      this.#failure = { error };
    }
  }

  async #guardedAsync(write: () => void | Promise<void>): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await write();
    } catch (error) {
      this.#failure = { error };
    }
  }
}

/** What an error of the link says about the card. Nothing of its message is written: it may name files or people. */
function eventOf(error: unknown): EventEntry {
  if (error instanceof CardRemovedError) return { type: 'event', event: 'removed' };
  if (error instanceof CardResetError) return { type: 'event', event: 'reset' };
  const code = error instanceof CardError && CODE_PATTERN.test(error.code) ? error.code : undefined;
  return { type: 'event', event: 'failed', ...(code !== undefined && { code }) };
}
