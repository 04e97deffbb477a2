import type { DerReader } from '../der/reader.ts';
import { Tag } from '../der/tags.ts';
import { DerError } from '../errors.ts';

/**
 * Reads a Time: UTCTime `YYMMDDhhmmssZ` or GeneralizedTime `YYYYMMDDhhmmssZ`, the forms RFC 5280, 4.1.2.5 allows.
 *
 * @returns milliseconds since 1970-01-01T00:00:00Z.
 */
export function readTime(reader: DerReader): number {
  const tag = reader.next();
  if (tag !== Tag.UTC_TIME && tag !== Tag.GENERALIZED_TIME) throw malformed(reader);
  const { bytes, start, end } = reader;
  const digits = tag === Tag.UTC_TIME ? 12 : 14;
  if (end - start !== digits + 1 || bytes[end - 1] !== 0x5a) throw malformed(reader);
  const at = end - 11;
  const years = pair(reader, at - 2);
  // RFC 5280: two digits from 50 on belong to the 20th century.
  const century = tag === Tag.UTC_TIME ? (years < 50 ? 20 : 19) : pair(reader, start);
  const year = century * 100 + years;
  const month = pair(reader, at);
  const day = pair(reader, at + 2);
  const hour = pair(reader, at + 4);
  const minute = pair(reader, at + 6);
  const second = pair(reader, at + 8);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999, and rolls what does not exist over to what does.
  if (year < 100 || !isDate(year, month, day) || hour > 23 || minute > 59 || second > 59)
    throw malformed(reader);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Two decimal digits at an offset. */
function pair(reader: DerReader, at: number): number {
  const tens = (reader.bytes[at] as number) - 0x30;
  const ones = (reader.bytes[at + 1] as number) - 0x30;
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) throw malformed(reader);
  return tens * 10 + ones;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the Gregorian calendar has this day; `month` from 1. */
export function isDate(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

function malformed(reader: DerReader): DerError {
  return new DerError('a time is malformed', reader.header);
}
