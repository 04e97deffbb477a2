import { fromHex } from '@jpki/iso7816';
import { TraceLimit } from '../text/grammar.ts';
import { malformed, TraceImportError } from './import-error.ts';

/** Characters of a log: a day of an exchange under debug, with room. */
export const MAX_LOG_CHARACTERS: number = 64 * 1024 * 1024;

/** Lines of a log. */
const MAX_LOG_LINES = 1_000_000;

/** Characters of a line that are looked at: the longest APDU in hexadecimal with blanks, and what stands before it. */
const MAX_LINE_CHARACTERS: number = 3 * TraceLimit.APDU + 1024;

/** Characters of a line without an APDU that are looked at: patterns that search in it need a bound. */
export const MAX_MESSAGE_CHARACTERS = 1000;

/** A line without its end, its colours and what lies behind {@link MAX_LINE_CHARACTERS}. */
export interface LogLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** Colours and other attributes of a terminal (ECMA-48, 8.3.117 SGR). */
const COLOURS = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]*m`, 'g');

/**
 * The lines of a log, one by one.
 *
 * @throws {TraceImportError} when the log is longer than {@link MAX_LOG_CHARACTERS} or {@link MAX_LOG_LINES}.
 */
export function* logLines(log: string): Generator<LogLine> {
  if (log.length > MAX_LOG_CHARACTERS) throw tooLong(`more than ${MAX_LOG_CHARACTERS} characters`);
  let start = log.startsWith('\uFEFF') ? 1 : 0;
  for (let number = 1; start < log.length; number++) {
    if (number > MAX_LOG_LINES) throw tooLong(`more than ${MAX_LOG_LINES} lines`);
    const newline = log.indexOf('\n', start);
    const end = newline === -1 ? log.length : newline;
    const text = log.slice(start, Math.min(end, start + MAX_LINE_CHARACTERS)).replaceAll(COLOURS, '');
    yield { number, text: text.endsWith('\r') ? text.slice(0, -1) : text };
    start = end + 1;
  }
}

function tooLong(what: string): TraceImportError {
  return new TraceImportError(`the log is too long: ${what}`, {
    advice: 'cut out the part of the log that matters',
  });
}

/**
 * The bytes of hexadecimal text in a log, with or without blanks between the bytes.
 *
 * @throws {TraceImportError} when it is no hexadecimal, or longer than an APDU can be. The message does not
 *   repeat the text: it may hold a PIN.
 */
export function loggedBytes(hex: string, line: number): Uint8Array {
  const digits = hex.replaceAll(/[ \t]+/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(digits))
    throw malformed('no hexadecimal bytes', line);
  if (digits.length > 2 * TraceLimit.APDU) throw malformed('longer than an APDU can be', line);
  return fromHex(digits);
}
