import { toHex } from '@jpki/iso7816';
import { isPlain, maskedLength } from '../masked-bytes.ts';
import type { MaskedBytes, Placeholder, Trace, TraceEntry, TraceHeader } from '../model.ts';
import {
  CODE_PATTERN,
  EVENTS,
  FIELD_NAMES,
  FIRST_LINE,
  isTraceText,
  LINE_BYTES,
  MARK_LENGTH,
  NAME_PATTERN,
  TraceLimit,
} from './grammar.ts';

/**
 * The text of a trace, as `grammar.ts` has it. Every line ends with LF.
 *
 * @throws {RangeError} for what no trace can hold: a text of several lines, a time beyond the year 9999.
 */
export function formatTrace(trace: Trace): string {
  const [first] = trace.entries;
  // Without the empty line, a note of the form `name: text` would be read as a field of the header.
  const gap = first?.type === 'note' ? '\n' : '';
  return [formatHeader(trace.header), gap, ...trace.entries.map(formatEntry)].join('');
}

/**
 * The first line and the fields: what a trace begins with before anything has happened. Who writes entry by entry puts an
 * empty line after it.
 */
export function formatHeader(header: TraceHeader): string {
  const known = FIELD_NAMES.flatMap((name) => {
    const value = header[name];
    return value === undefined ? [] : [field(name, fieldText(value))];
  });
  const more = (header.more ?? []).map(({ name, value }) => {
    check(NAME_PATTERN.test(name) && !FIELD_NAMES.some((own) => own === name), 'a field of this name');
    return field(name, value);
  });
  return [`${FIRST_LINE}\n`, ...known, ...more].join('');
}

function field(name: string, value: string): string {
  return `# ${name}: ${text(value)}\n`;
}

function fieldText(value: string | Uint8Array | Date): string {
  if (typeof value === 'string') return value;
  return value instanceof Date ? time(value) : toHex(value);
}

/** One entry, so that a recorder can write line by line. @throws {RangeError} for what no trace can hold. */
export function formatEntry(entry: TraceEntry): string {
  switch (entry.type) {
    case 'heading':
      return `== ${text(entry.text)}\n`;
    case 'note':
      return `# ${text(entry.text)}\n`;
    case 'command':
      return `>${apdu(entry.bytes)}\n`;
    case 'response':
      return `<${apdu(entry.bytes)}${duration(entry.milliseconds)}\n`;
    case 'event': {
      const { event, code } = entry;
      check(EVENTS.includes(event), 'such an event');
      check(code === undefined || (event === 'failed' && CODE_PATTERN.test(code)), 'such a code');
      return code === undefined ? `! ${event}\n` : `! ${event} ${code}\n`;
    }
    case 'now':
      return `* now ${time(entry.time)}\n`;
    case 'nonce':
      check(entry.bytes.length <= TraceLimit.NONCE, 'a nonce of this length');
      return `* nonce${pieces([entry.bytes])}\n`;
  }
}

function apdu(bytes: MaskedBytes): string {
  check(maskedLength(bytes) <= TraceLimit.APDU, 'an APDU of this length');
  return pieces(bytes);
}

/** The bytes in lines of 32; what stands for bytes counts like half a line. */
function pieces(bytes: MaskedBytes): string {
  const lines: string[] = [];
  let line = '';
  let size = 0;
  const add = (piece: string, room: number): void => {
    if (size > 0 && size + room > LINE_BYTES) {
      lines.push(line);
      line = '';
      size = 0;
    }
    line += piece;
    size += room;
  };
  for (const piece of bytes) {
    if (!isPlain(piece)) add(placeholder(piece), LINE_BYTES / 2);
    else {
      for (let at = 0; at < piece.length; ) {
        const room = size >= LINE_BYTES ? LINE_BYTES : LINE_BYTES - size;
        const part = piece.subarray(at, at + room);
        add(toHex(part), part.length);
        at += part.length;
      }
    }
  }
  if (line !== '') lines.push(line);
  return lines.length === 0 ? '' : ` ${lines.join('\n  ')}`;
}

function placeholder({ type, length, mark }: Placeholder): string {
  check(Number.isInteger(length) && length > 0, 'a placeholder for no bytes');
  check(mark === undefined || (type !== 'pin' && mark.length === MARK_LENGTH), 'such a mark');
  return mark === undefined ? `{${type}:${length}}` : `{${type}:${length}:${toHex(mark)}}`;
}

function duration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '';
  check(milliseconds >= 0 && milliseconds <= TraceLimit.MILLISECONDS, 'such a duration');
  return ` @${milliseconds.toFixed(1)}ms`;
}

function text(value: string): string {
  check(isTraceText(value), 'a text of several lines, with control characters, or none');
  return value;
}

function time(value: Date): string {
  const year = value.getUTCFullYear();
  check(year >= 0 && year <= 9999, 'such a time');
  return value.toISOString();
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new RangeError(`a trace cannot hold ${what}`);
}
