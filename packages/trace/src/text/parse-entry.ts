import { fromHex } from '@jpki/iso7816';
import { TraceFormatError } from '../errors.ts';
import { joinMasked, maskedLength, plainBytes } from '../masked-bytes.ts';
import type { EventEntry, MaskedBytes, Placeholder, TraceEntry } from '../model.ts';
import { CODE_PATTERN, EVENTS, isTraceText, PLACEHOLDER_TYPES, TraceLimit } from './grammar.ts';

/** An entry of one line: heading, note, event, time. @throws {TraceFormatError} */
export function parseEntry(line: number, text: string): TraceEntry {
  const [, kind, rest] = /^(==|#|!|\* now) (.*)$/.exec(text) ?? [];
  const value = rest?.trim() ?? '';
  switch (kind) {
    case '==':
      return { type: 'heading', text: textOf(line, value), line };
    case '#':
      return { type: 'note', text: textOf(line, value), line };
    case '!':
      return event(line, value);
    case '* now':
      return { type: 'now', time: parseTime(line, value), line };
    default:
      throw new TraceFormatError(line, 'no entry begins like this');
  }
}

/** An entry of bytes with its continuation lines: command, response, nonce. @throws {TraceFormatError} */
export function parseBytes(line: number, first: string, more: readonly string[]): TraceEntry {
  const kind = first.startsWith('*') ? '* nonce' : first.slice(0, 1);
  const rest = first.slice(kind.length);
  if (rest !== '' && !rest.startsWith(' ')) throw new TraceFormatError(line, 'bytes stand after a blank');
  const lines = [rest, ...more];
  if (kind === '* nonce') return { type: 'nonce', bytes: nonce(line, masked(line, lines)), line };
  if (kind === '>') return { type: 'command', bytes: masked(line, lines), line };
  const milliseconds = takeDuration(line, lines);
  const bytes = masked(line, lines);
  return { type: 'response', bytes, line, ...(milliseconds !== undefined && { milliseconds }) };
}

/** A time as `2026-11-21T03:00:00.000Z`. @throws {TraceFormatError} */
export function parseTime(line: number, text: string): Date {
  const time = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) ? text : Number.NaN);
  // The 30th of February would become a day of March.
  if (Number.isNaN(time.getTime()) || time.toISOString() !== text)
    throw new TraceFormatError(line, 'a time is written as 2026-11-21T03:00:00.000Z');
  return time;
}

function textOf(line: number, text: string): string {
  if (!isTraceText(text))
    throw new TraceFormatError(line, 'a text has 1 to 500 characters, and no control characters');
  return text;
}

function event(line: number, text: string): EventEntry {
  const [name, code, ...rest] = text.split(' ');
  const known = EVENTS.find((one) => one === name);
  if (known === undefined || rest.length > 0)
    throw new TraceFormatError(line, `an event is one of ${EVENTS.join(', ')}`);
  if (code === undefined) return { type: 'event', event: known, line };
  if (known !== 'failed' || !CODE_PATTERN.test(code))
    throw new TraceFormatError(line, 'only "failed" has a code, in capitals');
  return { type: 'event', event: known, code, line };
}

/** Takes the duration off the last line. */
function takeDuration(line: number, lines: string[]): number | undefined {
  const last = lines.at(-1) ?? '';
  const at = last.indexOf('@');
  if (at < 0) return undefined;
  const [, digits] = /^@(\d{1,9}(?:\.\d)?)ms$/.exec(last.slice(at)) ?? [];
  if (digits === undefined || last[at - 1] !== ' ')
    throw new TraceFormatError(line, 'a duration is written as @12.5ms');
  lines[lines.length - 1] = last.slice(0, at);
  return Number(digits);
}

function nonce(line: number, bytes: MaskedBytes): Uint8Array {
  const plain = plainBytes(bytes);
  if (plain === undefined) throw new TraceFormatError(line, 'a nonce has no placeholders');
  if (plain.length > TraceLimit.NONCE)
    throw new TraceFormatError(line, `a nonce has at most ${TraceLimit.NONCE} bytes`);
  return plain;
}

function masked(line: number, lines: readonly string[]): MaskedBytes {
  const parts = lines.flatMap((text, index) => piecesOf(line + index, text));
  const bytes = joinMasked(parts);
  if (maskedLength(bytes) > TraceLimit.APDU)
    throw new TraceFormatError(line, `an APDU has at most ${TraceLimit.APDU} bytes`);
  return bytes;
}

/** The pieces of one line: runs of hex digits, and placeholders. */
function piecesOf(line: number, text: string): (Uint8Array | Placeholder)[] {
  return text
    .split(/(\{[^{}]*\})/)
    .map((part) => (part.startsWith('{') ? part : part.replaceAll(' ', '')))
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? placeholder(line, part) : hex(line, part)));
}

function hex(line: number, digits: string): Uint8Array {
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(digits))
    throw new TraceFormatError(line, 'bytes are pairs of hex digits and placeholders');
  return fromHex(digits);
}

function placeholder(line: number, text: string): Placeholder {
  const [, name, length, mark] = /^\{([a-z]+):([1-9]\d{0,5})(?::([0-9A-Fa-f]{16}))?\}$/.exec(text) ?? [];
  const type = PLACEHOLDER_TYPES.find((one) => one === name);
  if (type === undefined || length === undefined)
    throw new TraceFormatError(line, 'a placeholder is written as {pin:4} or {data:12:0123456789ABCDEF}');
  if (mark === undefined) return { type, length: Number(length) };
  if (type === 'pin') throw new TraceFormatError(line, 'the placeholder of a PIN has no mark');
  return { type, length: Number(length), mark: fromHex(mark) };
}
