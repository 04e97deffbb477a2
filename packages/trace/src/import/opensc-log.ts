import { TraceLimit } from '../text/grammar.ts';
import { type CardStream, CardStreams, type Log } from './card-stream.ts';
import { malformed } from './import-error.ts';
import { type LogLine, loggedBytes, logLines, MAX_MESSAGE_CHARACTERS } from './log-lines.ts';

/** OpenSC 0.20 and later; with `data [` and blanks before 0.17. */
const APDU = /^(Outgoing|Incoming) APDU(?: data)? [[(] *(\d{1,6}) bytes?[\])]/;

/** A card driver says what it compares; the bytes follow as a dump. Logs of `-vvvvv` tell the ATR nowhere else. */
const MATCHED_ATR = /^try to match card with ATR \((\d{1,2}) bytes\):$/;

/** The first line of a message: process and thread (or thread alone in old versions), time of day, program, place. */
const MESSAGE =
  /^(?:P:\d+; T:)?(0x[0-9a-fA-F]+) (\d\d):(\d\d):(\d\d)\.(\d{3}) (?:\[([^\]]{1,64})\] )?\S+:\d+:(\w+): (.*)$/;

/** Bytes per line of a dump (`sc_dump_hex`). */
const BYTES_PER_LINE = 16;

const DAY = 86_400_000;

/** Threads whose state is kept. */
const MAX_THREADS = 4096;

/** Whether this line of a text is one that OpenSC's debug log alone has. */
export function isOpenScLine(text: string): boolean {
  return APDU.test(text);
}

/** What one thread of one program does. */
interface Thread {
  /** Its reader. */
  reader?: string;
  /** Time of its last message, milliseconds of the day. */
  time?: number;
  /** When its command was sent. */
  sent?: number | undefined;
}

/** An APDU, or an ATR, whose dump is being read. */
interface Dump {
  readonly what: 'Outgoing' | 'Incoming' | 'ATR';
  readonly length: number;
  readonly line: number;
  hex: string;
  read: number;
}

/** Reads a debug log line by line. */
class OpenScReader {
  readonly streams = new CardStreams();
  readonly notes: string[] = [];
  software: string | undefined;
  version: string | undefined;
  readonly #threads = new Map<string, Thread>();
  #thread: Thread = {};
  #dump: Dump | undefined;
  #pendingProtocol: string | undefined;
  #pendingAtr: Uint8Array | undefined;

  line(line: LogLine): void {
    if (this.#dump) {
      this.#dumped(this.#dump, line);
      return;
    }
    const apdu = APDU.exec(line.text);
    if (apdu) {
      const length = Number(apdu[2]);
      if (length > TraceLimit.APDU) throw malformed('longer than an APDU can be', line.number);
      const what = apdu[1] === 'Outgoing' ? 'Outgoing' : 'Incoming';
      this.#dump = { what, length, line: line.number, hex: '', read: 0 };
      if (length === 0) this.#dumpRead(this.#dump);
      return;
    }
    const atr = Number(MATCHED_ATR.exec(line.text)?.[1] ?? 0);
    if (atr > 0) this.#dump = { what: 'ATR', length: atr, line: line.number, hex: '', read: 0 };
    const message = MESSAGE.exec(line.text.slice(0, MAX_MESSAGE_CHARACTERS));
    if (message) this.#message(message, line.number);
  }

  finish(): void {
    if (this.#dump) this.notes.push('The log ends within an APDU, which is left out.');
  }

  #dumped(dump: Dump, { text, number }: LogLine): void {
    const bytes = Math.min(BYTES_PER_LINE, dump.length - dump.read);
    const hex = text.slice(0, 3 * bytes - 1);
    if (hex.length < 3 * bytes - 1) throw malformed('the dump of an APDU is cut', number);
    dump.hex += hex;
    dump.read += bytes;
    if (dump.read === dump.length) this.#dumpRead(dump);
  }

  #dumpRead(dump: Dump): void {
    this.#dump = undefined;
    const bytes = loggedBytes(dump.hex, dump.line);
    if (dump.what === 'ATR') this.#pendingAtr = bytes;
    else this.#apdu(dump, bytes);
  }

  #apdu(dump: Dump, bytes: Uint8Array): void {
    const thread = this.#thread;
    const stream = this.#stream(dump.line);
    if (dump.what === 'Outgoing') {
      thread.sent = thread.time;
      stream.command(bytes, dump.line);
      return;
    }
    const { sent, time } = thread;
    const known = sent !== undefined && time !== undefined;
    stream.response(bytes, dump.line, known ? (time - sent + DAY) % DAY : undefined);
  }

  #stream(line: number): CardStream {
    return this.streams.of(this.#thread.reader, line);
  }

  #message(parts: RegExpExecArray, line: number): void {
    const [, id = '', hours, minutes, seconds, milliseconds, program, place = '', text = ''] = parts;
    this.#thread = this.#threadOf(`${program} ${id}`);
    this.#thread.time =
      Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(milliseconds);
    this.software ??= program;
    if (place.startsWith('pcsc_')) this.#reader(text, line);
    else if (place === 'match_atr_table') this.#atr(text, line);
    else if (place === 'sc_context_create') this.version ??= /^opensc version: (\S{1,32})/.exec(text)?.[1];
  }

  #reader(text: string, line: number): void {
    const reader = /^reader '(.{1,128})'$/.exec(text)?.[1];
    if (reader !== undefined) this.#thread.reader = reader;
    const protocol = /^Initial protocol: (T=[01])/.exec(text)?.[1];
    if (protocol !== undefined) this.#pendingProtocol = protocol;
    const failed = /SCardTransmit.* failed: 0x([0-9A-Fa-f]{8})/.exec(text)?.[1];
    if (failed !== undefined) this.#stream(line).fail(`ERR_SCARD_${failed.toUpperCase()}`);
    if (/^reader '/.test(text)) this.#settle(line);
  }

  /** The card is described before the log names its reader for the first time. */
  #atr(text: string, line: number): void {
    const hex = /^ATR {2,}: ([0-9a-fA-F:]{5,98})$/.exec(text)?.[1];
    if (hex !== undefined) this.#pendingAtr = loggedBytes(hex.replaceAll(':', ''), line);
  }

  #settle(line: number): void {
    const stream = this.#stream(line);
    if (this.#pendingAtr) stream.setAtr(this.#pendingAtr);
    stream.setProtocol(this.#pendingProtocol);
    this.#pendingAtr = undefined;
    this.#pendingProtocol = undefined;
  }

  #threadOf(id: string): Thread {
    const known = this.#threads.get(id);
    if (known) return known;
    if (this.#threads.size >= MAX_THREADS) this.#threads.clear();
    const made: Thread = {};
    this.#threads.set(id, made);
    return made;
  }
}

/**
 * Reads OpenSC's debug log (`OPENSC_DEBUG=9`, `opensc-tool -vvvvv`, `debug_file` in opensc.conf). The log names the
 * reader of each APDU, tells the time to a millisecond, and shows PINs in the clear.
 *
 * @throws {TraceImportError} when an APDU of it cannot be read.
 */
export function readOpenScLog(text: string): Log {
  const reader = new OpenScReader();
  for (const line of logLines(text)) reader.line(line);
  reader.finish();
  const version = reader.version && `OpenSC ${reader.version}`;
  const software = [version ?? 'OpenSC', reader.software && `(${reader.software})`].filter(Boolean).join(' ');
  return { cards: reader.streams.finish(), software, notes: reader.notes };
}
