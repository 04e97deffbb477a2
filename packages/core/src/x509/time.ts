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
  const pair = (at: number): number => {
    const tens = (bytes[at] as number) - 0x30;
    const ones = (bytes[at + 1] as number) - 0x30;
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) throw malformed(reader);
    return tens * 10 + ones;
  };
  const first = pair(start);
  // RFC 5280: two digits from 50 on belong to the 20th century.
  const century = tag === Tag.UTC_TIME ? (first < 50 ? 2000 : 1900) : first * 100;
  const at = tag === Tag.UTC_TIME ? start : start + 2;
  const year = century + (tag === Tag.UTC_TIME ? first : pair(at));
  const month = pair(at + 2);
  const day = pair(at + 4);
  const hour = pair(at + 6);
  const minute = pair(at + 8);
  const second = pair(at + 10);
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC rolls 31 February over to March and the years 0 to 99 to 1900; a date that moved was no date.
  const moved = year < 100 || month < 1 || month > 12 || new Date(time).getUTCDate() !== day;
  if (moved || hour > 23 || minute > 59 || second > 59) throw malformed(reader);
  return time;
}

function malformed(reader: DerReader): DerError {
  return new DerError('a time is malformed', reader.header);
}
