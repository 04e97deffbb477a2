import { TraceLimit } from '../text/grammar.ts';
import { type CardStream, CardStreams, type Log } from './card-stream.ts';
import { ambiguous, malformed } from './import-error.ts';
import { type LogLine, loggedBytes, logLines } from './log-lines.ts';

/** Four blanks for each thread before this one, or (`--thread`) its number as well. */
const INDENT = /^( *)(?:\(t(\d{1,4})\) )?(.*)$/;

/** What pcsc-spy prints for the calls this reader needs. */
const CALLS = new Set([
  'SCardConnect',
  'SCardReconnect',
  'SCardDisconnect',
  'SCardEndTransaction',
  'SCardGetStatusChange',
  'SCardStatus',
  'SCardTransmit',
]);

const SUCCESS = '00000000';

/** Codes of pcsc-lite (PC/SC part 5, `pcsclite.h`). */
const REMOVED_CARD = '80100069';
const RESET_CARD = '80100068';

/** Bytes per line of a dump. */
const BYTES_PER_LINE = 16;

/** Handles whose reader is kept. */
const MAX_HANDLES = 4096;

/** Whether this line of a text is one that pcsc-spy's print alone has. */
export function isPcscSpyLine(text: string): boolean {
  return /^ *(?:\(t\d{1,4}\) +)?SCardTransmit$/.test(text);
}

/** A call under way in one thread: its parameters by name, and bytes in dumps. */
interface Call {
  readonly name: string;
  readonly line: number;
  readonly values: Map<string, string>;
  /** Dump being read: `bSendBuffer`, `bRecvBuffer`. */
  buffer?: string | undefined;
  /** Reader of an entry of SCardGetStatusChange. */
  status?: string | undefined;
  readonly bytes: Map<string, string>;
}

/** Parameters of one call: those that are read are fewer than this. */
const MAX_VALUES = 64;

/** Reads the print line by line. */
class PcscSpyReader {
  readonly streams = new CardStreams();
  readonly #calls = new Map<string, Call>();
  readonly #readers = new Map<string, string>();
  /** Readers connected to, for a print for `diff`: its handles have no numbers. Names go with the last handle. */
  readonly #open = new Set<string>();
  #handles = 0;

  line({ text, number }: LogLine): void {
    const [, blanks = '', threadNumber, body = ''] = INDENT.exec(text) ?? [];
    const thread = threadNumber ?? String(Math.floor(blanks.length / 4));
    const rest = body.trimStart();
    if (/^SCar\w+$/.test(rest)) {
      this.#begin(thread, rest, number);
      return;
    }
    const call = this.#calls.get(thread);
    if (!call) return;
    const result = /^=> .*\[0x([0-9A-Fa-f]{8})\]\) +\[([\d.?]{5,20})\]$/.exec(rest);
    if (!result) {
      this.#value(call, rest, number);
      return;
    }
    this.#calls.delete(thread);
    this.#end(call, (result[1] ?? '').toUpperCase(), Number(result[2]) * 1000);
  }

  /** A command that was under way when the print ended is told: it may have been a PIN. */
  finish(): void {
    for (const call of this.#calls.values()) {
      const isSent = call.name === 'SCardTransmit' && isWhole(call, 'bSendBuffer', 'i bSendLength');
      const sent = isSent ? whole(call, 'bSendBuffer', 'i bSendLength') : undefined;
      if (sent !== undefined) this.#stream(call).command(sent, call.line);
    }
    this.#calls.clear();
  }

  #begin(thread: string, name: string, line: number): void {
    if (CALLS.has(name)) this.#calls.set(thread, { name, line, values: new Map(), bytes: new Map() });
    else this.#calls.delete(thread);
  }

  #value(call: Call, text: string, line: number): void {
    const [, direction, rest = ''] = /^([io]) (.*)$/.exec(text) ?? [];
    if (direction === undefined) return;
    const dump = /^ ([0-9A-F]{4,5}) (.*)$/.exec(rest);
    if (dump && call.buffer !== undefined) {
      this.#dumped(call, Number.parseInt(dump[1] ?? '', 16), dump[2] ?? '', line);
      return;
    }
    const [, name = '', value = ''] = /^ ?(\w+(?: length)?):? ?(.*)$/.exec(rest) ?? [];
    call.buffer = name.endsWith('Buffer') ? name : undefined;
    if (call.name === 'SCardGetStatusChange') this.#status(call, name, value, line);
    else if (call.values.size < MAX_VALUES) call.values.set(`${direction} ${name}`, value);
  }

  #dumped(call: Call, offset: number, text: string, line: number): void {
    const name = call.buffer ?? '';
    const side = name === 'bSendBuffer' ? 'i bSendLength' : 'o bRecvLength';
    const length = lengthOf(call.values.get(side));
    if (length === undefined || length > TraceLimit.APDU) throw malformed('no length before an APDU', line);
    const known = call.bytes.get(name) ?? '';
    if (known.length / 2 !== offset) throw malformed('a line of an APDU is missing', line);
    const hex = text.slice(0, 3 * Math.min(BYTES_PER_LINE, length - offset) - 1).replaceAll(' ', '');
    call.bytes.set(name, known + hex);
  }

  #status(call: Call, name: string, value: string, line: number): void {
    if (name === 'szReader') call.status = value;
    else if (name === 'Atr' && call.status !== undefined && value.length >= 5) {
      this.streams.of(call.status, line).setAtr(loggedBytes(value, line));
    }
  }

  #end(call: Call, code: string, milliseconds: number): void {
    if (call.name === 'SCardTransmit') {
      this.#transmitted(call, code, milliseconds);
      return;
    }
    if (code !== SUCCESS) return;
    if (call.name === 'SCardConnect') this.#connected(call);
    else if (call.name === 'SCardStatus') this.#described(call);
    else this.#ended(call);
  }

  #ended(call: Call): void {
    if (resets(call)) this.#stream(call).event('reset');
    if (call.name !== 'SCardDisconnect') return;
    this.#handles = Math.max(0, this.#handles - 1);
    if (this.#handles === 0) this.#open.clear();
  }

  #connected(call: Call): void {
    const reader = call.values.get('i szReader');
    if (reader === undefined) return;
    if (this.#readers.size >= MAX_HANDLES) this.#readers.clear();
    this.#readers.set(handle(call.values.get('o phCard')), reader);
    this.#open.add(reader);
    this.#handles++;
    this.#protocol(this.streams.of(reader, call.line), call);
  }

  #described(call: Call): void {
    const atr = call.values.get('o bAtr');
    if (atr !== undefined && /^[0-9A-F ]{5,99}$/.test(atr))
      this.#stream(call).setAtr(loggedBytes(atr, call.line));
  }

  #transmitted(call: Call, code: string, milliseconds: number): void {
    const stream = this.#stream(call);
    const sent = whole(call, 'bSendBuffer', 'i bSendLength');
    if (sent === undefined) throw malformed('a transmission without its command', call.line);
    stream.command(sent, call.line);
    if (code === REMOVED_CARD) {
      stream.event('removed');
      return;
    }
    if (code === RESET_CARD) {
      stream.event('reset');
      return;
    }
    if (code !== SUCCESS) {
      stream.fail(`ERR_SCARD_${code}`);
      return;
    }
    const received = whole(call, 'bRecvBuffer', 'o bRecvLength') ?? new Uint8Array();
    stream.response(received, call.line, milliseconds);
  }

  #protocol(stream: CardStream, call: Call): void {
    stream.setProtocol(/^T=[01]/.exec(call.values.get('o dwActiveProtocol') ?? '')?.[0]);
  }

  #stream(call: Call): CardStream {
    const id = handle(call.values.get('i hCard'));
    if (!id.includes('?')) return this.streams.of(this.#readers.get(id), call.line);
    const [reader, second] = this.#open;
    if (second !== undefined) throw ambiguous('two readers were open at the same time', call.line);
    return this.streams.of(reader, call.line);
  }
}

/** `0x0CD35FB6 (215179190)` as its number; `0x????` stays. */
function handle(text: string | undefined): string {
  return (text ?? '').split(' ')[0] ?? '';
}

/** `0x0000000C (12)` */
function lengthOf(text: string | undefined): number | undefined {
  const hex = /^0x([0-9A-Fa-f]{1,16})\b/.exec(text ?? '')?.[1];
  return hex === undefined ? undefined : Number.parseInt(hex, 16);
}

/** Whether a successful call reset the card. */
function resets(call: Call): boolean {
  const how = call.name === 'SCardReconnect' ? 'i dwInitialization' : 'i dwDisposition';
  const value = call.values.get(how) ?? '';
  return /^SCARD_(?:RESET|UNPOWER|EJECT)_CARD|^0x0*[1-3]\b/.test(value);
}

function isWhole(call: Call, buffer: string, side: string): boolean {
  return call.bytes.get(buffer)?.length === 2 * (lengthOf(call.values.get(side)) ?? 0);
}

/** The bytes of a dump, which must be as many as the call said. */
function whole(call: Call, buffer: string, side: string): Uint8Array | undefined {
  const hex = call.bytes.get(buffer);
  if (hex === undefined) return undefined;
  const bytes = loggedBytes(hex, call.line);
  if (!isWhole(call, buffer, side)) throw malformed('an APDU is cut', call.line);
  return bytes;
}

/**
 * Reads what `pcsc-spy` prints: in colours or without, `--diffable` (then without times and handles), `--thread`. PINs
 * are in the clear.
 *
 * @throws {TraceImportError} when an APDU of it cannot be read.
 */
export function readPcscSpyText(text: string): Log {
  const reader = new PcscSpyReader();
  for (const line of logLines(text)) reader.line(line);
  reader.finish();
  return { cards: reader.streams.finish(), software: undefined, notes: [] };
}
