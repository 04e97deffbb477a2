import { Outline } from './outline.ts';
import { Tag } from './tags.ts';

export { elementHeader } from './outline.ts';

/** One element in DER: identifier octet, shortest length, and the parts one after another. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return new Outline(tag, ...parts).encode();
}

/** SEQUENCE of the given elements. */
export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(Tag.SEQUENCE, ...parts);
}

/** SET OF with its elements in the order DER demands. */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return element(Tag.SET, ...inSetOrder(parts));
}

/** The elements of a SET OF in the order DER demands (ITU-T X.690, 11.6). */
export function inSetOrder(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  return parts.length > 1 ? [...parts].sort(Buffer.compare) : parts;
}

/** INTEGER from a non-negative number or from big-endian magnitude bytes; a sign byte is added where needed. */
export function integer(value: number | Uint8Array): Uint8Array {
  const magnitude = typeof value === 'number' ? numberBytes(value) : stripZeros(value);
  return (magnitude[0] ?? 0) > 0x7f
    ? element(Tag.INTEGER, Uint8Array.of(0), magnitude)
    : element(Tag.INTEGER, magnitude);
}

function numberBytes(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError('an INTEGER needs a non-negative whole number');
  const octets: number[] = [];
  for (let rest = value; rest > 0 || octets.length === 0; rest = Math.floor(rest / 0x100))
    octets.unshift(rest % 0x100);
  return Uint8Array.from(octets);
}

function stripZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? Uint8Array.of(0) : bytes.subarray(first);
}

/** OCTET STRING. */
export function octetString(value: Uint8Array): Uint8Array {
  return element(Tag.OCTET_STRING, value);
}

/** BIT STRING; `unusedBits` 0 to 7 counts the bits of the last byte that are not part of it, which must be zero. */
export function bitString(value: Uint8Array, unusedBits = 0): Uint8Array {
  return element(Tag.BIT_STRING, Uint8Array.of(unusedBits), value);
}

/** DER true: FF (ITU-T X.690, 11.1). */
export const TRUE: Uint8Array = Uint8Array.of(Tag.BOOLEAN, 1, 0xff);

/** DER NULL. */
export const NULL: Uint8Array = Uint8Array.of(Tag.NULL, 0);

/**
 * OBJECT IDENTIFIER from dotted decimals.
 *
 * @throws {RangeError} when it is none, or an arc exceeds 2^53.
 */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arcsFit = [first * 40 + second, ...rest].every(Number.isSafeInteger);
  if (!/^[0-2](\.(0|[1-9]\d*))+$/.test(dotted) || !arcsFit || (first < 2 && second > 39))
    throw new RangeError('an OBJECT IDENTIFIER needs dotted decimals');
  const octets: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc % 0x80];
    for (let left = Math.floor(arc / 0x80); left > 0; left = Math.floor(left / 0x80))
      digits.unshift(0x80 | (left % 0x80));
    octets.push(...digits);
  }
  return element(Tag.OBJECT_IDENTIFIER, Uint8Array.from(octets));
}

/** UTF8String. */
export function utf8String(text: string): Uint8Array {
  return element(Tag.UTF8_STRING, Buffer.from(text, 'utf8'));
}

/** PrintableString; the caller keeps to its characters. */
export function printableString(text: string): Uint8Array {
  return element(Tag.PRINTABLE_STRING, Buffer.from(text, 'latin1'));
}

/** IA5String: ASCII. */
export function ia5String(text: string): Uint8Array {
  return element(Tag.IA5_STRING, Buffer.from(text, 'latin1'));
}

/**
 * UTCTime through 2049, GeneralizedTime from 2050 on (RFC 5280, 4.1.2.5); whole seconds, Z.
 *
 * @throws {RangeError} for an invalid date and for years that four digits cannot tell.
 */
export function time(date: Date): Uint8Array {
  const year = date.getUTCFullYear();
  // Written so that NaN is refused as well.
  if (!(year >= 100 && year <= 9999)) throw new RangeError('a time needs a date with a year of four digits');
  const isUtcTime = year >= 1950 && year < 2050;
  const pairs = isUtcTime ? [] : [Math.floor(year / 100)];
  pairs.push(year % 100, date.getUTCMonth() + 1, date.getUTCDate());
  pairs.push(date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds());
  const text = new Uint8Array(2 * pairs.length + 1);
  let at = 0;
  for (const pair of pairs) {
    text[at++] = 0x30 + Math.floor(pair / 10);
    text[at++] = 0x30 + (pair % 10);
  }
  text[at] = 0x5a;
  return element(isUtcTime ? Tag.UTC_TIME : Tag.GENERALIZED_TIME, text);
}
