import { DerError } from '../errors.ts';
import { Tag } from './tags.ts';

/** Most length octets taken: 6 reach 2^48 bytes, beyond every file; larger numbers would lose precision. */
const MAX_LENGTH_OCTETS = 6;

/**
 * A cursor over DER (ITU-T X.690) that copies nothing and allocates only when asked for a view. `next` moves onto
 * an element; `start`, `end` and `header` then tell where its contents and its identifier octet lie in `bytes`.
 *
 * Strict: indefinite, non-minimal and over-long lengths, multi-byte tags and elements that end beyond their
 * parent are refused. The caller drives the depth, so hostile nesting costs nothing.
 */
export class DerReader {
  readonly bytes: Uint8Array;
  /** Where the next element begins. */
  position: number;
  /** Where the elements of this level end. */
  limit: number;
  /** Identifier octet of the current element. */
  tag = 0;
  /** Offset of the current element's identifier octet. */
  header = 0;
  /** Offset of the current element's first content octet. */
  start = 0;
  /** Offset after the current element's last content octet. */
  end = 0;

  constructor(bytes: Uint8Array, position = 0, limit: number = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.limit = limit;
  }

  /** Whether elements are left on this level. */
  get more(): boolean {
    return this.position < this.limit;
  }

  /** Identifier octet of the next element without moving, or -1 at the end of the level. */
  get peek(): number {
    return this.position < this.limit ? (this.bytes[this.position] as number) : -1;
  }

  /** Moves onto the next element and returns its identifier octet. @throws {DerError} when there is none. */
  next(): number {
    const { bytes, limit } = this;
    let at = this.position;
    if (at + 2 > limit) throw new DerError('an element is missing', at);
    this.header = at;
    const tag = bytes[at++];
    let length = bytes[at++];
    // The limit may lie beyond the bytes at hand: a window on a large file.
    if (tag === undefined || length === undefined) throw new DerError('an element is missing', this.header);
    if ((tag & 0x1f) === 0x1f) throw new DerError('tags of several bytes are not used here', this.header);
    if (length > 0x7f) {
      let octets = length & 0x7f;
      if (octets === 0) throw new DerError('DER has no indefinite lengths', at - 1);
      if (octets > MAX_LENGTH_OCTETS || at + octets > limit)
        throw new DerError('a length field is too long', at - 1);
      if (bytes[at] === 0) throw new DerError('a length field begins with zero', at);
      length = 0;
      while (octets-- > 0) length = length * 0x100 + (bytes[at++] as number);
      // Written so that NaN, from a length field cut off by the end of the bytes, is refused as well.
      if (!(length >= 0x80)) throw new DerError('a length is not in its shortest form', at - 1);
    }
    if (length > limit - at) throw new DerError('an element ends beyond its parent', this.header);
    this.tag = tag;
    this.start = at;
    this.end = at + length;
    this.position = this.end;
    return tag;
  }

  /** Moves onto the next element, which must have this identifier octet. */
  expect(tag: number): this {
    if (this.next() !== tag) {
      const hex = (n: number) => n.toString(16).toUpperCase().padStart(2, '0');
      throw new DerError(`expected tag ${hex(tag)}, found ${hex(this.tag)}`, this.header);
    }
    return this;
  }

  /** Moves onto the next element if it has this identifier octet; tells whether it did. */
  optional(tag: number): boolean {
    if (this.peek !== tag) return false;
    this.next();
    return true;
  }

  /** A cursor over the contents of the current element. */
  enter(): DerReader {
    return new DerReader(this.bytes, this.start, this.end);
  }

  /**
   * Moves this cursor over the contents of the element that `outer` stands on, in the same bytes: {@link enter} for
   * loops, without a new cursor in every turn.
   */
  enterFrom(outer: DerReader): this {
    this.position = outer.start;
    this.limit = outer.end;
    return this;
  }

  /** The contents of the current element, a view. */
  get contents(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  /** The current element with its header, a view. */
  get encoded(): Uint8Array {
    return this.bytes.subarray(this.header, this.end);
  }

  /** Refuses bytes after the last element of this level. */
  finish(): void {
    if (this.more) throw new DerError('unexpected bytes after the last element', this.position);
  }

  /** Reads an INTEGER and returns its contents, checked to be in shortest form. A view. */
  integer(): Uint8Array {
    this.expect(Tag.INTEGER);
    const first = this.bytes[this.start] as number;
    const second = this.bytes[this.start + 1] as number;
    const empty = this.start === this.end;
    const padded =
      this.end - this.start > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
    if (empty || padded) throw new DerError('an INTEGER is not in its shortest form', this.header);
    return this.contents;
  }

  /** Reads a non-negative INTEGER below 2^31. */
  smallInteger(): number {
    const contents = this.integer();
    if (contents.length > 4 || (contents[0] as number) > 0x7f)
      throw new DerError('an INTEGER is out of range', this.header);
    let value = 0;
    for (const byte of contents) value = value * 0x100 + byte;
    return value;
  }

  /** Reads a BOOLEAN: FF or 00 and nothing else. */
  boolean(): boolean {
    this.expect(Tag.BOOLEAN);
    const value = this.bytes[this.start];
    if (this.end - this.start !== 1 || (value !== 0 && value !== 0xff)) {
      throw new DerError('a BOOLEAN is one byte, 00 or FF', this.header);
    }
    return value === 0xff;
  }

  /** Reads a BIT STRING of whole bytes and returns them, without the count of unused bits. A view. */
  octetAlignedBits(): Uint8Array {
    this.expect(Tag.BIT_STRING);
    if (this.start === this.end || this.bytes[this.start] !== 0) {
      throw new DerError('a BIT STRING of whole bytes was expected', this.header);
    }
    return this.bytes.subarray(this.start + 1, this.end);
  }
}

/** Whether two runs of bytes are equal; for public data only, since it stops at the first difference. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
