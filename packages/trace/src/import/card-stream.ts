import type { EventEntry } from '../model.ts';
import type { RawApduEntry } from '../redact/redact.ts';
import { TraceLimit, traceDuration } from '../text/grammar.ts';
import { malformed } from './import-error.ts';

/** Something a log tells, before redaction: never leaves this folder unredacted. */
export type LoggedEntry = RawApduEntry | EventEntry;

/** What a log tells about one reader and its cards. */
export interface LoggedCard {
  /** Name of the reader; undefined where the log names none. */
  readonly reader?: string | undefined;
  readonly atr?: Uint8Array | undefined;
  readonly protocol?: 'T=0' | 'T=1' | undefined;
  readonly entries: readonly LoggedEntry[];
  /** Number of command APDUs. */
  readonly commands: number;
  /** The log begins with a response to a command before it; that response is left out. */
  readonly beganWithin: boolean;
}

/** What a log tells. */
export interface Log {
  readonly cards: readonly LoggedCard[];
  /** The program that spoke to the card, where the log names it. */
  readonly software?: string | undefined;
  /** Remarks for readers of the trace. */
  readonly notes: readonly string[];
}

/** Readers of one log. */
const MAX_CARDS = 64;

/** Entries kept free for responses, events, and notes on the log. */
const SPARE = 100;

/** The code of a command without a response whose reason the log does not tell. */
const NO_RESPONSE = 'ERR_LOG_NO_RESPONSE';

/** Takes down what a log tells of one reader, and keeps commands and responses in pairs. */
export class CardStream implements LoggedCard {
  readonly reader: string | undefined;
  readonly entries: LoggedEntry[] = [];
  commands = 0;
  beganWithin = false;
  protocol: 'T=0' | 'T=1' | undefined;
  #atr: Uint8Array | undefined;
  #waiting = false;

  constructor(reader: string | undefined) {
    this.reader = reader;
  }

  get atr(): Uint8Array | undefined {
    return this.#atr;
  }

  /** Whether the last command has no response yet. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** Takes an ATR; an impossible one is left out. */
  setAtr(bytes: Uint8Array): void {
    if (bytes.length >= 2 && bytes.length <= TraceLimit.ATR) this.#atr = bytes;
  }

  /** Takes `T=0` or `T=1`; other text is left out. */
  setProtocol(text: string | undefined): void {
    if (text === 'T=0' || text === 'T=1') this.protocol = text;
  }

  command(bytes: Uint8Array, line: number): void {
    if (bytes.length < 4) throw malformed('a command APDU has four bytes at least', line);
    this.fail();
    if (this.entries.length > TraceLimit.ENTRIES - SPARE)
      throw malformed('more APDUs than a trace holds', line);
    this.entries.push({ type: 'command', bytes });
    this.commands++;
    this.#waiting = true;
  }

  /** A response shorter than a status word is none: the link failed. `time` in milliseconds, NaN where it is not known. */
  response(bytes: Uint8Array, line: number, time: number = Number.NaN): void {
    if (!this.#waiting && this.commands === 0) {
      this.beganWithin = true;
      return;
    }
    if (!this.#waiting) throw malformed('a response without a command before it', line);
    if (bytes.length < 2) {
      this.fail();
      return;
    }
    const milliseconds = traceDuration(time);
    this.entries.push({ type: 'response', bytes, ...(milliseconds !== undefined && { milliseconds }) });
    this.#waiting = false;
  }

  /** Ends a waiting command without response; nothing where none waits. `code` of the reason, where it is known. */
  fail(code: string = NO_RESPONSE): void {
    if (this.#waiting) this.event('failed', code);
  }

  event(event: EventEntry['event'], code?: string): void {
    this.#waiting = false;
    // What happens to a card that nobody speaks to any more fills no trace: the first of it tells.
    if (this.entries.length >= TraceLimit.ENTRIES - SPARE / 2) return;
    this.entries.push({ type: 'event', event, ...(code !== undefined && { code }) });
  }
}

/** The readers of a log, by name. */
export class CardStreams {
  readonly #streams = new Map<string | undefined, CardStream>();

  /** The stream of a reader; undefined is the reader of a log without names. */
  of(reader: string | undefined, line: number): CardStream {
    const known = this.#streams.get(reader);
    if (known) return known;
    if (this.#streams.size === MAX_CARDS) throw malformed(`more than ${MAX_CARDS} readers`, line);
    const made = new CardStream(reader);
    this.#streams.set(reader, made);
    return made;
  }

  /** Ends what waits: the log is over. */
  finish(): readonly CardStream[] {
    const all = [...this.#streams.values()];
    for (const stream of all) stream.fail();
    return all;
  }
}
