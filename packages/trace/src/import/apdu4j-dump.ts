import { endsInStatusWord } from '../redact/redact-response.ts';
import { readMaskedCommand } from '../steps/masked-command.ts';
import { type CardStream, CardStreams, type Log } from './card-stream.ts';
import { malformed } from './import-error.ts';
import { type LogLine, loggedBytes, logLines } from './log-lines.ts';

/** Header lines of a dump (`DumpFormat`, `LoggingCardTerminal`): name, value. */
const HEADER = /^# ?(ATR|PROTOCOL|Using|Generated on)(?::| ) ?(.{1,200})$/;

/** The session log: `A>> T=1 (4+0010) 00A4040C 0A D392…`, `A<< (0000+2) (8ms) 9000`, `>> …`, `<< 9000 (1.25ms)`. */
const SESSION = /^(?:[AB](?:#\d+)?)?(>>|<<) ?(.*)$/;

/** `# SCardConnect("reader", T=*) -> T=1, 3B…` */
const CONNECT = /^# SCardConnect\("([^"]{1,128})", [^)]{0,16}\) -> (T=[01])(?:, ([0-9A-Fa-f]{4,66}))?$/;

/** `40ms`, `1.25ms`, `1s250ms`. */
const TIME = /^(?:(\d{1,6})s)?(\d{1,6}(?:\.\d{1,3})?)ms$/;

const HEX_LINE = /^[0-9A-Fa-f]{4,}$/;

/** The header of a dump, and the words of the older ones. */
const DUMP_LINE = /^# (?:ATR: ?[0-9A-Fa-f]{4,66}|PROTOCOL: ?T=[01]|Sent|Generated on .{1,60} by apdu4j.*)$/;

/** A command in the log of a session. */
const SENT_LINE = /^(?:[AB](?:#\d+)?)?>> (?:T=[01] )?(?:\([\d+]{1,16}\) *)?[0-9A-F]{8}(?: |$|[0-9A-F])/;

/** Whether this line of a text is one that apdu4j's dumps and logs alone have. */
export function isApdu4jLine(text: string): boolean {
  return DUMP_LINE.test(text) || SENT_LINE.test(text);
}

/** Milliseconds of apdu4j's way to write a duration. */
function duration(text: string | undefined): number | undefined {
  const match = TIME.exec(text ?? '');
  return match ? Number(match[1] ?? 0) * 1000 + Number(match[2]) : undefined;
}

/** Reads a dump or a session log line by line. */
class Apdu4jReader {
  readonly streams = new CardStreams();
  software = 'apdu4j';
  #reader: string | undefined;
  #milliseconds: number | undefined;

  get #stream(): CardStream {
    return this.streams.of(this.#reader, 0);
  }

  line({ text, number }: LogLine): void {
    const line = text.trim();
    if (line.startsWith('#')) {
      this.#comment(line, number);
      return;
    }
    if (HEX_LINE.test(line)) {
      this.#bytes(loggedBytes(line, number), number);
      return;
    }
    const session = SESSION.exec(line);
    if (!session) return;
    if (session[1] === '>>') this.#sent(session[2] ?? '', number);
    else this.#received(session[2] ?? '', number);
  }

  /** Dumps have commands and responses in turn, and say no more about which is which. */
  #bytes(bytes: Uint8Array, line: number): void {
    // Were one line missing, answers would be taken for commands, and their first bytes for a header.
    const isInTurn = this.#stream.waiting
      ? endsInStatusWord([bytes])
      : readMaskedCommand([bytes]) !== undefined;
    if (!isInTurn) throw malformed('a command where a response is due, or the other way round', line);
    if (!this.#stream.waiting) {
      this.#stream.command(bytes, line);
      return;
    }
    this.#stream.response(bytes, line, this.#milliseconds);
    this.#milliseconds = undefined;
  }

  #sent(text: string, line: number): void {
    if (text.endsWith('[malformed]')) throw malformed('a malformed command APDU', line);
    this.#stream.command(loggedBytes(text.replace(/^(?:T=[01] )?(?:\([\d+]{1,16}\) *)?/, ''), line), line);
  }

  #received(text: string, line: number): void {
    const time = /\(([\d.sm]{3,20})\)/.exec(text)?.[1];
    const hex = text.replaceAll(/\([^()]*\)/g, '').trim();
    if (/^[0-9A-Fa-f ]{4,}$/.test(hex)) this.#stream.response(loggedBytes(hex, line), line, duration(time));
    else this.#stream.fail();
  }

  #comment(text: string, line: number): void {
    const connect = CONNECT.exec(text);
    const header = HEADER.exec(text);
    if (connect) this.#connected(connect, line);
    else if (header) this.#header(header[1], header[2] ?? '', line);
    else this.#timing(text);
  }

  #connected([, reader, protocol, atr]: RegExpExecArray, line: number): void {
    this.#reader = reader;
    this.#stream.setProtocol(protocol);
    if (atr !== undefined) this.#stream.setAtr(loggedBytes(atr, line));
  }

  #header(name: string | undefined, value: string, line: number): void {
    if (name === 'Using') this.#reader = value;
    else if (name === 'Generated on')
      this.software = / by (apdu4j\S{0,32})$/.exec(value)?.[1] ?? this.software;
    else if (name === 'PROTOCOL') this.#stream.setProtocol(value.trim());
    else if (/^[0-9A-Fa-f ]{4,98}$/.test(value)) this.#stream.setAtr(loggedBytes(value, line));
  }

  /** `# Received in 40ms`, `# 40ms`; with words behind the time no response came. */
  #timing(text: string): void {
    const [, time, rest = ''] = /^# (?:Received in )?([\d.sm]{3,20})(?: (.*))?$/.exec(text) ?? [];
    const milliseconds = duration(time);
    if (milliseconds === undefined) return;
    if (rest === '') this.#milliseconds = milliseconds;
    else this.#stream.fail();
  }
}

/**
 * Reads what apdu4j writes: dumps (`# Sent`, bytes, `# Received in 40ms`, bytes; the newer ones without the words) and
 * the log of a session (`A>> …`, `<< …`). PINs are in the clear.
 *
 * @throws {TraceImportError} when an APDU of it cannot be read.
 */
export function readApdu4jDump(text: string): Log {
  const reader = new Apdu4jReader();
  for (const line of logLines(text)) reader.line(line);
  return { cards: reader.streams.finish(), software: reader.software, notes: [] };
}
