/**
 * A data object as the card writes it: a length up to 127 in one byte, above always as `82 hh ll`, also where `81 nn`
 * would do (card-protocol.md 1.3).
 *
 * @param tag 1 to 3 bytes. @throws {RangeError} for a value of more than 65,535 bytes.
 */
export function cardTlv(tag: number, ...values: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(values);
  if (value.length > 0xffff) throw new RangeError('a data object of the card has at most 65,535 bytes');
  const length = value.length <= 0x7f ? [value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([tagBytes(tag), Uint8Array.from(length), value]);
}

/** Bytes of an object before its value, for a value of `length` bytes. */
export function cardTlvHeaderLength(tag: number, length: number): number {
  return tagBytes(tag).length + (length <= 0x7f ? 1 : 3);
}

function tagBytes(tag: number): Buffer {
  const digits = tag.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}
