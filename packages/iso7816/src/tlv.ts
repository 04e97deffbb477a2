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

/**
 * Reads the data object at `offset`. Lengths may be written longer than needed: the card writes `82 hh ll` where
 * `81 nn` would do (card-protocol.md 1.3). Bytes after the object are left alone, since EFs end in filler.
 *
 * @throws {TlvFormatError} for an indefinite or over-long length, or a value that ends beyond `bytes`.
 */
export function readTlv(bytes: Uint8Array, offset = 0): Tlv {
  let at = offset;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw new TlvFormatError('a data object ends before its length field does');
    return byte;
  };
  let tag = next();
  if ((tag & 0x1f) === 0x1f) {
    for (let count = 2; ; count++) {
      if (count > MAX_TAG_BYTES) throw new TlvFormatError(`a tag has at most ${MAX_TAG_BYTES} bytes`);
      const byte = next();
      tag = tag * 0x100 + byte;
      if ((byte & 0x80) === 0) break;
    }
  }
  let length = next();
  if (length > 0x7f) {
    const count = length & 0x7f;
    if (count === 0 || count > MAX_LENGTH_BYTES)
      throw new TlvFormatError('the length of a data object has 1 to 4 bytes');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 0x100 + next();
  }
  const end = at + length;
  if (end > bytes.length) throw new TlvFormatError('a data object ends beyond the bytes that hold it');
  return { tag, value: bytes.subarray(at, end), encoded: bytes.subarray(offset, end) };
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

/** Encodes a data object with a length field of the fewest bytes. */
export function encodeTlv(tag: number, ...values: readonly Uint8Array[]): Uint8Array {
  const length = values.reduce((sum, value) => sum + value.length, 0);
  const head = [...bigEndian(tag), ...encodeLength(length)];
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let at = head.length;
  for (const value of values) {
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
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
