import { TraceFormatError } from '../errors.ts';
import { maskedLength } from '../masked-bytes.ts';
import type { Trace, TraceEntry } from '../model.ts';
import { FIRST_LINE, TraceLimit } from './grammar.ts';
import { parseBytes, parseEntry } from './parse-entry.ts';
import { HeaderParser } from './parse-header.ts';

/**
 * Reads the text of a trace (`grammar.ts`).
 *
 * @throws {TraceFormatError} with the line, for everything that is no trace or beyond the bounds.
 */
export function parseTrace(text: string): Trace {
  if (text.length > TraceLimit.TEXT)
    throw new TraceFormatError(1, `more than ${TraceLimit.TEXT} characters in all`);
  const lines = text.replace(/^\uFEFF/, '').split('\n', TraceLimit.LINES + 1);
  if (lines.length > TraceLimit.LINES)
    throw new TraceFormatError(lines.length, `more than ${TraceLimit.LINES} lines`);
  const parser = new TraceParser();
  for (const line of lines) parser.take(line.endsWith('\r') ? line.slice(0, -1) : line);
  return parser.finish();
}

/** A bytes entry that may go on in the next line. */
interface OpenLines {
  readonly line: number;
  readonly first: string;
  readonly more: string[];
}

/** Without blanks at the end. No regular expression: over a line of blanks with something behind it would be quadratic. */
function withoutEnd(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end--;
  return line.slice(0, end);
}

class TraceParser {
  readonly #header = new HeaderParser();
  readonly #entries: TraceEntry[] = [];
  #line = 0;
  #inHeader = true;
  /** Bytes of all commands and responses, those that placeholders stand for included. */
  #bytes = 0;
  /** A command without its response. */
  #unanswered = false;
  #open: OpenLines | undefined;

  take(raw: string): void {
    this.#line += 1;
    if (raw.length > TraceLimit.LINE) throw this.#error(`a line has more than ${TraceLimit.LINE} characters`);
    const line = withoutEnd(raw);
    if (this.#line === 1) {
      if (line !== FIRST_LINE) throw this.#error(`a trace begins with "${FIRST_LINE}"`);
      return;
    }
    if (this.#inHeader && this.#header.take(this.#line, line)) return;
    this.#inHeader = false;
    if (line.startsWith('  ')) this.#continue(line);
    else this.#begin(line);
  }

  finish(): Trace {
    this.#close();
    return { header: this.#header.finish(), entries: this.#entries };
  }

  #begin(line: string): void {
    this.#close();
    if (line === '') return;
    if (this.#entries.length === TraceLimit.ENTRIES)
      throw this.#error(`more than ${TraceLimit.ENTRIES} entries`);
    if (/^[<>]|^\* nonce/.test(line)) this.#open = { line: this.#line, first: line, more: [] };
    else this.#add(parseEntry(this.#line, line));
  }

  #continue(line: string): void {
    if (this.#open === undefined) throw this.#error('this line continues nothing');
    this.#open.more.push(line);
  }

  /** Ends the entry whose lines were collected. */
  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) this.#add(parseBytes(open.line, open.first, open.more));
  }

  #add(entry: TraceEntry): void {
    if (entry.type === 'response') {
      if (!this.#unanswered)
        throw new TraceFormatError(entry.line ?? this.#line, 'a response without a command');
      this.#unanswered = false;
    }
    if (entry.type === 'command') this.#unanswered = true;
    if (entry.type === 'command' || entry.type === 'response') this.#bytes += maskedLength(entry.bytes);
    if (this.#bytes > TraceLimit.BYTES)
      throw this.#error(`commands and responses of more than ${TraceLimit.BYTES} bytes`);
    if (entry.type === 'event') this.#unanswered = false;
    this.#entries.push(entry);
  }

  #error(problem: string): TraceFormatError {
    return new TraceFormatError(this.#line, problem);
  }
}
