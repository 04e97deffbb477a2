import { oidContents, standsOn } from '../der/oid-table.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, Tag } from '../der/tags.ts';
import type { HashName } from '../digest-info.ts';
import { CmsFormatError, DerError } from '../errors.ts';
import { Oid } from '../oids.ts';
import { type ByteRange, type ByteSource, MemorySource } from './byte-source.ts';
import { closeElement, expectHeader, isEndOfContents, octetStringRanges, readHeader } from './outer.ts';
import { readSignerInfo, type SignerInfo } from './signer-info.ts';

/** Most bytes of everything but the document: certificates, CRLs and signer infos. */
const MAX_TAIL_BYTES = 16 << 20;

/** Most certificates and signers of one message. */
const MAX_CERTIFICATES = 256;
const MAX_SIGNERS = 64;

const SIGNED_DATA = oidContents(Oid.signedData);

/** A SignedData (RFC 5652, 5), read but not judged. Views on the source's bytes where it lies in memory. */
export interface SignedData {
  readonly source: ByteSource;
  /** Contents of the eContentType object identifier. */
  readonly contentType: Uint8Array;
  /** Where the document lies in `source`; `undefined` when the signature is detached. */
  readonly content: readonly ByteRange[] | undefined;
  /** Certificates that came along, DER each, unchecked. */
  readonly certificates: readonly Uint8Array[];
  readonly signerInfos: readonly SignerInfo[];
}

/**
 * Reads a CMS SignedData out of memory or out of a file of any size.
 *
 * @throws {CmsFormatError} when it is none, or exceeds a bound.
 */
export function readSignedData(input: Uint8Array | ByteSource): SignedData {
  const source = input instanceof Uint8Array ? new MemorySource(input) : input;
  try {
    return readContentInfo(source);
  } catch (error) {
    if (error instanceof DerError) throw new CmsFormatError('this is no SignedData in DER', error);
    throw error;
  }
}

function readContentInfo(source: ByteSource): SignedData {
  const contentInfo = expectHeader(source, 0, source.length, Tag.SEQUENCE);
  const limit = contentInfo.end ?? source.length;
  const type = readSmall(source, contentInfo.start, limit);
  if (!standsOn(type.reader.expect(Tag.OBJECT_IDENTIFIER), SIGNED_DATA)) {
    throw new CmsFormatError('the message is CMS but no SignedData');
  }
  const explicit = expectHeader(source, type.end, limit, contextConstructed(0));
  const signedData = expectHeader(source, explicit.start, explicit.end ?? limit, Tag.SEQUENCE);
  const end = signedData.end ?? explicit.end ?? limit;
  const version = readSmall(source, signedData.start, end);
  if (version.reader.smallInteger() > 5)
    throw new CmsFormatError('the version of the SignedData is not known');
  const digestAlgorithms = readSmall(source, version.end, end);
  digestAlgorithms.reader.expect(Tag.SET);
  const encapsulated = readEncapsulated(source, digestAlgorithms.end, end);
  const tail = readTail(source, encapsulated.end, end);
  const after = closeElement(source, explicit, closeElement(source, signedData, tail.end));
  if (closeElement(source, contentInfo, after) !== source.length) {
    throw new CmsFormatError('unexpected bytes after the SignedData');
  }
  return { source, contentType: encapsulated.contentType, content: encapsulated.content, ...tail };
}

/** Most bytes of a field before the document. */
const MAX_SMALL_BYTES = 4096;

/**
 * A reader over bytes that stay as they are: where they lie if that is in memory, over a copy where a file's window
 * moves on. (`slice` would not do for that: on a `Buffer` it is a view.)
 */
function readerOver(source: ByteSource, start: number, end: number): DerReader {
  if (source instanceof MemorySource) return new DerReader(source.bytes, start, end);
  return new DerReader(new Uint8Array(source.read(start, end - start)));
}

/** A small definite-length element of the head, as a reader over it. */
function readSmall(source: ByteSource, offset: number, limit: number): { reader: DerReader; end: number } {
  const { end } = readHeader(source, offset, limit);
  if (end === undefined || end - offset > MAX_SMALL_BYTES)
    throw new CmsFormatError('a field of the SignedData is too large');
  return { reader: readerOver(source, offset, end), end };
}

function readEncapsulated(source: ByteSource, offset: number, limit: number) {
  const encapsulated = expectHeader(source, offset, limit, Tag.SEQUENCE);
  const inside = encapsulated.end ?? limit;
  const type = readSmall(source, encapsulated.start, inside);
  const contentType = type.reader.expect(Tag.OBJECT_IDENTIFIER).contents;
  const isLast =
    encapsulated.end === undefined ? isEndOfContents(source, type.end) : type.end === encapsulated.end;
  if (isLast) return { contentType, content: undefined, end: closeElement(source, encapsulated, type.end) };
  const explicit = expectHeader(source, type.end, inside, contextConstructed(0));
  const octets = octetStringRanges(source, explicit.start, explicit.end ?? inside);
  const end = closeElement(source, encapsulated, closeElement(source, explicit, octets.end));
  return { contentType, content: octets.ranges, end };
}

/** Certificates, CRLs (passed over) and signer infos: small enough for memory, and DER. */
function readTail(source: ByteSource, offset: number, limit: number) {
  if (limit - offset > MAX_TAIL_BYTES)
    throw new CmsFormatError('the message holds too much beside the document');
  if (offset > limit) throw new CmsFormatError('an element ends beyond its parent');
  const reader = readerOver(source, offset, limit);
  const start = reader.position;
  const certificates: Uint8Array[] = [];
  if (reader.optional(contextConstructed(0))) {
    const set = reader.enter();
    while (set.more) {
      if (certificates.length === MAX_CERTIFICATES)
        throw new CmsFormatError('the message holds too many certificates');
      // Other kinds of certificate ([0] to [3]) may stand here; only X.509 ones can be a signer's.
      if (set.next() === Tag.SEQUENCE) certificates.push(set.encoded);
    }
  }
  reader.optional(contextConstructed(1));
  const signerInfos: SignerInfo[] = [];
  const infos = reader.expect(Tag.SET).enter();
  while (infos.more) {
    if (signerInfos.length === MAX_SIGNERS) throw new CmsFormatError('the message holds too many signers');
    signerInfos.push(readSignerInfo(infos.expect(Tag.SEQUENCE).enter()));
  }
  return { certificates, signerInfos, end: offset + reader.position - start };
}

/** The hash algorithms the signers used on the document. */
export function contentHashes(signedData: SignedData): Set<HashName> {
  const hashes = new Set<HashName>();
  for (const { hash } of signedData.signerInfos) if (hash !== undefined) hashes.add(hash);
  return hashes;
}
