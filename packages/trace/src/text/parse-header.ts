import { fromHex } from '@jpki/iso7816';
import { TraceFormatError } from '../errors.ts';
import type { TraceHeader } from '../model.ts';
import { FIELD_NAMES, isTraceText, TraceLimit } from './grammar.ts';
import { parseTime } from './parse-entry.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads the fields between the first line and the first entry. */
export class HeaderParser {
  readonly #header: Writable<TraceHeader> = {};
  readonly #more: { name: string; value: string }[] = [];
  readonly #seen = new Set<string>();

  /** Whether the line is a field. The first that is none ends the header. @throws {TraceFormatError} */
  take(line: number, text: string): boolean {
    const [, name, given] = /^# ([a-z][a-z0-9-]{0,39}):(?: |$)(.*)$/.exec(text) ?? [];
    if (name === undefined || given === undefined) return false;
    const value = given.trim();
    if (!isTraceText(value)) throw new TraceFormatError(line, 'a field is a text without control characters');
    if (this.#seen.size + this.#more.length >= TraceLimit.FIELDS)
      throw new TraceFormatError(line, `more than ${TraceLimit.FIELDS} fields`);
    if (FIELD_NAMES.some((own) => own === name)) this.#own(line, name, value);
    else this.#more.push({ name, value });
    return true;
  }

  finish(): TraceHeader {
    return this.#more.length === 0 ? this.#header : { ...this.#header, more: this.#more };
  }

  #own(line: number, name: string, value: string): void {
    if (this.#seen.has(name)) throw new TraceFormatError(line, `the field ${name} is there twice`);
    this.#seen.add(name);
    switch (name) {
      case 'title':
      case 'reader':
      case 'software':
      case 'card':
      case 'source':
      case 'obtained':
        this.#header[name] = value;
        break;
      case 'atr':
        this.#header.atr = atr(line, value);
        break;
      case 'protocol':
        this.#header.protocol = oneOf(line, name, value, ['T=0', 'T=1']);
        break;
      case 'holder':
        this.#header.holder = oneOf(line, name, value, ['person', 'invented']);
        break;
      case 'recorded':
        this.#header.recorded = parseTime(line, value);
        break;
    }
  }
}

function atr(line: number, value: string): Uint8Array {
  const digits = value.replaceAll(' ', '');
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(digits) || digits.length > 2 * TraceLimit.ATR)
    throw new TraceFormatError(line, `an ATR is hex of 1 to ${TraceLimit.ATR} bytes`);
  return fromHex(digits);
}

function oneOf<T extends string>(line: number, name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new TraceFormatError(line, `${name} is one of ${allowed.join(', ')}`);
  return found;
}
