import { Tag } from '../der/tags.ts';
import { CmsFormatError } from '../errors.ts';
import { type ByteRange, type ByteSource, MemorySource } from './byte-source.ts';

/**
 * The outer structure of a CMS message, walked by its headers alone so that the document inside need not be in
 * memory. Lengths may be indefinite and the document may come in pieces (BER): `openssl cms -sign -stream` and
 * other streaming signers write that. Everything else in a message is DER.
 */

/** An element found by its header. `end` is `undefined` while the length is indefinite. */
export interface OuterElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number | undefined;
}

/** Most pieces of a document in BER: 4 GiB in pieces of 4 KiB, the size OpenSSL writes. */
const MAX_PIECES = 1 << 20;

/** Beyond this many pieces they must hold so many bytes on average, or a small message fills the memory with crumbs. */
const MAX_CRUMBS = 4096;
const MIN_AVERAGE_BYTES = 64;

/** Longest header: one identifier octet, one length octet, six octets of length. */
const MAX_HEADER_BYTES = 8;

/** Reads the header at `offset`. @throws {CmsFormatError} when there is none, or it ends beyond `limit`. */
export function readHeader(source: ByteSource, offset: number, limit: number): OuterElement {
  // An end-of-contents may have moved `offset` past `limit`.
  const available = Math.max(0, Math.min(MAX_HEADER_BYTES, limit - offset));
  const inMemory = source instanceof MemorySource;
  const bytes = inMemory ? source.bytes : source.read(offset, available);
  const at = inMemory ? offset : 0;
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (available < 2 || tag === undefined || first === undefined || (tag & 0x1f) === 0x1f)
    throw new CmsFormatError('an element is missing');
  if (first === 0x80) return { tag, start: offset + 2, end: undefined };
  const octets = first > 0x80 ? first & 0x7f : 0;
  if (octets > available - 2) throw new CmsFormatError('a length field is too long');
  let length = octets === 0 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 0x100 + (bytes[at + 2 + i] ?? Number.NaN);
  const start = offset + 2 + octets;
  // Not a number where the source ended early.
  if (!(length <= limit - start)) throw new CmsFormatError('an element ends beyond its parent');
  return { tag, start, end: start + length };
}

/** Reads the header at `offset`, which must have this identifier octet. */
export function expectHeader(source: ByteSource, offset: number, limit: number, tag: number): OuterElement {
  const element = readHeader(source, offset, limit);
  if (element.tag !== tag) throw new CmsFormatError('an element is not what a SignedData has there');
  return element;
}

/** Whether two zero octets, the end of an indefinite length (ITU-T X.690, 8.1.5), stand at `offset`. */
export function isEndOfContents(source: ByteSource, offset: number): boolean {
  if (offset + 2 > source.length) return false;
  const bytes = source.read(offset, 2);
  return bytes.length === 2 && bytes[0] === 0 && bytes[1] === 0;
}

/** Where an element with this start and end stops, once its last child ended at `offset`. */
export function closeElement(source: ByteSource, element: OuterElement, offset: number): number {
  if (element.end !== undefined) {
    if (offset !== element.end) throw new CmsFormatError('unexpected bytes after the last element');
    return element.end;
  }
  if (!isEndOfContents(source, offset)) throw new CmsFormatError('an indefinite length does not end');
  return offset + 2;
}

/** The octets of an OCTET STRING, in one piece or many, and where the element stops. */
export function octetStringRanges(
  source: ByteSource,
  offset: number,
  limit: number,
): { readonly ranges: readonly ByteRange[]; readonly end: number } {
  const element = readHeader(source, offset, limit);
  if (element.tag === Tag.OCTET_STRING && element.end !== undefined) {
    return { ranges: [{ start: element.start, end: element.end }], end: element.end };
  }
  // 24: constructed OCTET STRING, the pieces one after another.
  if (element.tag !== 0x24) throw new CmsFormatError('the content of the SignedData is no OCTET STRING');
  const ranges: ByteRange[] = [];
  let at = element.start;
  while (element.end === undefined ? !isEndOfContents(source, at) : at < element.end) {
    const piece = expectHeader(source, at, element.end ?? limit, Tag.OCTET_STRING);
    const areCrumbs = ranges.length >= MAX_CRUMBS && at - element.start < ranges.length * MIN_AVERAGE_BYTES;
    if (piece.end === undefined || areCrumbs || ranges.length === MAX_PIECES)
      throw new CmsFormatError('the content is in too many pieces');
    ranges.push({ start: piece.start, end: piece.end });
    at = piece.end;
  }
  return { ranges, end: closeElement(source, element, at) };
}
