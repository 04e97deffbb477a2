import { type CardStream, CardStreams, type Log } from './card-stream.ts';
import { ambiguous } from './import-error.ts';
import { type LogLine, loggedBytes, logLines, MAX_MESSAGE_CHARACTERS } from './log-lines.ts';
import { type PcscdClient, PcscdClients, readerOf } from './pcscd-clients.ts';

/** Microseconds since the line before, thread (with `--color`), text; in a journal with its own words before it. */
const LINE = /^(?:.*: )?(\d{8}) (?:\[(\d+)\] )?(.*)$/;

/** pcscd writes no more than this for the time since the line before. */
const LONGEST_STEP = 99_999_999;

/** Whether this line of a text is one that pcscd's log of APDUs alone has. */
export function isPcscdLine(text: string): boolean {
  return /^(?:.*: )?\d{8} (?:\[\d+\] )?APDU: [0-9A-F]{2} /.test(text);
}

/** Reads the log line by line. */
class PcscdReader {
  readonly streams = new CardStreams();
  readonly notes = new Set<string>();
  software: string | undefined;
  readonly #clients = new PcscdClients();
  /** Microseconds since the beginning; NaN stays after a step too long to be told. */
  #clock = 0;
  readonly #sent = new WeakMap<CardStream, number>();
  /** Reader whose ATR the next line tells. */
  #described: string | undefined;

  line({ text, number }: LogLine): void {
    const [, step, thread, body = ''] = LINE.exec(text) ?? [];
    if (step === undefined) return;
    this.#clock += Number(step) >= LONGEST_STEP ? Number.NaN : Number(step);
    if (body.startsWith('APDU: ')) this.#command(body.slice(6), thread, number);
    else if (body.startsWith('SW: ')) this.#response(body.slice(4), thread, number);
    else this.#event(body.slice(0, MAX_MESSAGE_CHARACTERS), thread, number);
  }

  #command(hex: string, thread: string | undefined, line: number): void {
    const client = this.#clients.of('asked', thread, line);
    const stream = this.streams.of(readerOf(client, line), line);
    if (stream.waiting) throw ambiguous('two APDUs were under way at the same time', line);
    stream.command(loggedBytes(hex, line), line);
    this.#sent.set(stream, this.#clock);
    if (client) Object.assign(client, { asked: false, open: true });
    if (stream.reader === undefined) {
      this.notes.add(
        'The log names no readers: if it is of several cards, they are not told apart. pcscd --debug names them.',
      );
    }
  }

  #response(hex: string, thread: string | undefined, line: number): void {
    const client = this.#clients.of('open', thread, line);
    const stream = this.streams.of(readerOf(client, line), line);
    const microseconds = this.#clock - (this.#sent.get(stream) ?? Number.NaN);
    stream.response(loggedBytes(hex, line), line, microseconds / 1000);
    if (Number.isNaN(this.#clock)) this.#clock = 0;
    if (client) client.open = false;
  }

  #event(body: string, thread: string | undefined, line: number): void {
    const [, command, asking] = /Received command: ([A-Z_]+) from client (\d+)$/.exec(body) ?? [];
    if (command && asking) {
      this.#asked(command, this.#clients.enter(asking, thread, line));
      return;
    }
    const [, done, id, result] = /\b([A-Z_]+) for client (\d+), rv=(\w+)$/.exec(body) ?? [];
    if (done && id && result) {
      this.#done(done, this.#clients.enter(id, thread, line), result, line);
      return;
    }
    const [, dead] = /Client die: (\d+)$/.exec(body) ?? [];
    if (dead) {
      this.#clients.leave(dead);
      return;
    }
    this.#card(body, thread, line);
  }

  #asked(command: string, client: PcscdClient): void {
    if (command === 'TRANSMIT') client.asked = true;
  }

  #done(command: string, client: PcscdClient, result: string, line: number): void {
    const succeeded = result === 'SCARD_S_SUCCESS';
    if (command === 'TRANSMIT') {
      if (client.open) this.streams.of(readerOf(client, line), line).fail();
      Object.assign(client, { asked: false, open: false });
    } else if (command === 'CONNECT') {
      if (succeeded && client.connecting !== undefined) client.readers.add(client.connecting);
      if (succeeded) client.handles++;
      client.connecting = undefined;
    } else if (command === 'DISCONNECT' && succeeded) {
      client.handles = Math.max(0, client.handles - 1);
      if (client.handles === 0) client.readers.clear();
    }
  }

  #card(body: string, thread: string | undefined, line: number): void {
    const client = this.#clients.current(thread);
    const connecting = /Attempting Connect to (.{1,128}) using protocol: \d+$/.exec(body)?.[1];
    if (connecting !== undefined && client) client.connecting = connecting;
    const protocol = /Active Protocol: (T=[01])$/.exec(body)?.[1];
    if (protocol !== undefined && client?.connecting) {
      this.streams.of(client.connecting, line).setProtocol(protocol);
    }
    if (/\bSCard\w+\(\) Reset complete\.$/.test(body)) this.#reset(client, line);
    const [, happened, reader] = /(Card inserted into|Card Removed From) (.{1,128})$/.exec(body) ?? [];
    if (happened && reader) this.#moved(happened, reader, line);
    const atr = /^Card ATR: ([0-9A-F ]{5,99})$/.exec(body)?.[1];
    if (atr !== undefined && this.#described !== undefined) {
      this.streams.of(this.#described, line).setAtr(loggedBytes(atr, line));
    }
    if (atr !== undefined) this.#described = undefined;
    this.software ??= /(pcsc-lite [\d.]{1,16}) daemon ready/.exec(body)?.[1];
  }

  #reset(client: PcscdClient | undefined, line: number): void {
    const stream = this.streams.of(readerOf(client, line), line);
    stream.event('reset');
    this.#described = stream.reader;
  }

  #moved(happened: string, reader: string, line: number): void {
    const stream = this.streams.of(reader, line);
    if (happened === 'Card inserted into') {
      this.#described = reader;
      if (stream.commands > 0) stream.event('connected');
    } else if (stream.commands > 0) stream.event('removed');
  }
}

/**
 * Reads the log of `pcscd --foreground --apdu`, alone or with `--debug`, with colours or without, and out of a journal.
 * With `--debug` it names readers, ATRs and resets. Times are the service's, of all between command and response; PINs
 * are in the clear.
 *
 * @throws {TraceImportError} when an APDU of it cannot be read, or it cannot be told which reader one went to.
 */
export function readPcscdLog(text: string): Log {
  const reader = new PcscdReader();
  for (const line of logLines(text)) reader.line(line);
  const cards = reader.streams.finish();
  return { cards, software: reader.software, notes: [...reader.notes] };
}
