import { concatBytes } from './bytes.ts';
import { TlvFormatError } from './errors.ts';

/** One BER-TLV data object (ISO/IEC 8825-1 as ISO/IEC 7816-4:2020, 6.3 restricts it). Values are views, not copies. */
export interface Tlv {
  /** Tag bytes as one number: 0x5F37, 0x7F21, 0xDF31. */
  readonly tag: number;
  readonly value: Uint8Array;
  /** Tag, length and value together: what signatures on card records cover. */
  readonly encoded: Uint8Array;
}

/** Most bytes of a tag and of a length that this reader takes; ISO/IEC 7816-4 asks for no more than 3 and 4. */
const MAX_TAG_BYTES = 3;
const MAX_LENGTH_BYTES = 4;

/** Tag and length of a data object, and where its value lies in the bytes that were read. */
export interface TlvHeader {
  readonly tag: number;
  /** Index of the first value byte. */
  readonly start: number;
  /** Index after the last value byte; it may lie beyond the bytes at hand. */
  readonly end: number;
}

/**
 * Reads tag and length at `offset`. Lengths may be written longer than needed: the card writes `82 hh ll` where
 * `81 nn` would do (card-protocol.md 1.3).
 *
 * @returns `undefined` while `bytes` ends before the length field does.
 * @throws {TlvFormatError} for a tag of more than 3 bytes, an indefinite length or one of more than 4 bytes.
 */
export function readTlvHeader(bytes: Uint8Array, offset = 0): TlvHeader | undefined {
  const tagEnd = endOfTag(bytes, offset);
  const first = tagEnd === undefined ? undefined : bytes[tagEnd];
  if (tagEnd === undefined || first === undefined) return undefined;
  const tag = bigEndianNumber(bytes.subarray(offset, tagEnd));
  if (first <= 0x7f) return { tag, start: tagEnd + 1, end: tagEnd + 1 + first };
  const count = first & 0x7f;
  if (count === 0 || count > MAX_LENGTH_BYTES)
    throw new TlvFormatError('the length of a data object has 1 to 4 bytes');
  const start = tagEnd + 1 + count;
  if (start > bytes.length) return undefined;
  return { tag, start, end: start + bigEndianNumber(bytes.subarray(tagEnd + 1, start)) };
}

/** Index after the tag at `offset`; a tag goes on while bit 8 of its second and later bytes is set. */
function endOfTag(bytes: Uint8Array, offset: number): number | undefined {
  const first = bytes[offset];
  if (first === undefined) return undefined;
  if ((first & 0x1f) !== 0x1f) return offset + 1;
  for (let at = offset + 1; at < offset + MAX_TAG_BYTES; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    if ((byte & 0x80) === 0) return at + 1;
  }
  throw new TlvFormatError(`a tag has at most ${MAX_TAG_BYTES} bytes`);
}

function bigEndianNumber(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 0x100 + byte, 0);
}

/**
 * Reads the data object at `offset`. Bytes after the object are left alone, since EFs end in filler.
 *
 * @throws {TlvFormatError} for what {@link readTlvHeader} refuses, or an object that ends beyond `bytes`.
 */
export function readTlv(bytes: Uint8Array, offset = 0): Tlv {
  const header = readTlvHeader(bytes, offset);
  if (header === undefined) throw new TlvFormatError('a data object ends before its length field does');
  const { tag, start, end } = header;
  if (end > bytes.length) throw new TlvFormatError('a data object ends beyond the bytes that hold it');
  return { tag, value: bytes.subarray(start, end), encoded: bytes.subarray(offset, end) };
}

/** Reads data objects one after another until `bytes` ends; at most `limit` (default 256) of them. */
export function readTlvs(bytes: Uint8Array, limit = 256): Tlv[] {
  const objects: Tlv[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    if (objects.length === limit) throw new TlvFormatError(`more than ${limit} data objects in one template`);
    const object = readTlv(bytes, offset);
    objects.push(object);
    offset += object.encoded.length;
  }
  return objects;
}

/** Encodes a data object with a length field of the fewest bytes. @throws {RangeError} for a tag of 0 or over 3 bytes. */
export function encodeTlv(tag: number, ...values: readonly Uint8Array[]): Uint8Array {
  if (!Number.isInteger(tag) || tag < 1 || tag > 0xff_ffff) throw new RangeError('a tag has 1 to 3 bytes');
  const value = concatBytes(values);
  return concatBytes([Uint8Array.from([...bigEndian(tag), ...encodeLength(value.length)]), value]);
}

function encodeLength(length: number): number[] {
  if (length <= 0x7f) return [length];
  const digits = bigEndian(length);
  return [0x80 | digits.length, ...digits];
}

function bigEndian(value: number): number[] {
  const digits: number[] = [];
  for (let rest = value; rest > 0 || digits.length === 0; rest = Math.floor(rest / 0x100))
    digits.unshift(rest % 0x100);
  return digits;
}
