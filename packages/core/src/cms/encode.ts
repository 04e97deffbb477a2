import { Outline } from '../der/outline.ts';
import { DerReader, equalBytes } from '../der/reader.ts';
import { contextConstructed, Tag } from '../der/tags.ts';
import { elementHeader, inSetOrder, integer, objectIdentifier, sequence, setOf } from '../der/writer.ts';
import { Oid } from '../oids.ts';
import { DIGEST_ALGORITHM, RSA_SIGNATURE_ALGORITHM } from './algorithms.ts';
import type { CompletedSignature, PreparedSignature } from './prepare.ts';

const DATA = objectIdentifier(Oid.data);
const SIGNED_DATA = objectIdentifier(Oid.signedData);
const VERSION_1 = integer(1);
/** EncapsulatedContentInfo of the detached form. */
const NO_CONTENT = sequence(DATA);

/**
 * SignedData (RFC 5652, 5.1) in DER.
 *
 * @param content the document for the attached form; left out for the detached form.
 */
export function encodeSignedData(
  signatures: readonly CompletedSignature[],
  content?: Uint8Array,
): Uint8Array {
  if (content === undefined) return detached(signatures).encode();
  const { head, tail } = encodeSignedDataAround(signatures, content.length);
  const bytes = new Uint8Array(head.length + content.length + tail.length);
  bytes.set(head);
  bytes.set(content, head.length);
  bytes.set(tail, head.length + content.length);
  return bytes;
}

/** The bytes before and after a document that is written by somebody else: the attached form of any size. */
export interface SurroundingBytes {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** SignedData in the attached form, without the document. `contentLength` in bytes. */
export function encodeSignedDataAround(
  signatures: readonly CompletedSignature[],
  contentLength: number,
): SurroundingBytes {
  const octets = elementHeader(Tag.OCTET_STRING, contentLength);
  const explicit = elementHeader(contextConstructed(0), octets.length + contentLength);
  const oid = DATA;
  const encapLength = oid.length + explicit.length + octets.length + contentLength;
  const encap = elementHeader(Tag.SEQUENCE, encapLength);
  const before = preamble(signatures);
  const tail = Buffer.concat(epilogue(signatures).map((field) => field.encode()));
  const bodyLength = before.length + encap.length + encapLength + tail.length;
  const signedData = elementHeader(Tag.SEQUENCE, bodyLength);
  const content = elementHeader(contextConstructed(0), signedData.length + bodyLength);
  const type = SIGNED_DATA;
  const outer = elementHeader(Tag.SEQUENCE, type.length + content.length + signedData.length + bodyLength);
  const head = Buffer.concat([outer, type, content, signedData, before, encap, oid, explicit, octets]);
  return { head, tail };
}

/** Length in bytes of the detached form: what a container (a PDF, say) must reserve before anybody signs. */
export function signedDataLength(prepared: readonly PreparedSignature[], signatureLength: number): number {
  const signature = new Uint8Array(signatureLength);
  return detached(prepared.map((each) => ({ prepared: each, signature }))).length;
}

function detached(signatures: readonly CompletedSignature[]): Outline {
  const signedData = new Outline(Tag.SEQUENCE, preamble(signatures), NO_CONTENT, ...epilogue(signatures));
  return new Outline(Tag.SEQUENCE, SIGNED_DATA, new Outline(contextConstructed(0), signedData));
}

/** Version and digest algorithms. Version 1: only data content, v3 certificates and issuer-and-serial signers. */
function preamble(signatures: readonly CompletedSignature[]): Uint8Array {
  if (signatures.length === 0) throw new RangeError('a SignedData needs a signature');
  const hashes = new Set(signatures.map(({ prepared }) => prepared.hash));
  return Buffer.concat([VERSION_1, setOf(...Array.from(hashes, (hash) => DIGEST_ALGORITHM[hash]))]);
}

/** Certificates and signer infos. */
function epilogue(signatures: readonly CompletedSignature[]): readonly Outline[] {
  const certificates: Uint8Array[] = [];
  for (const { prepared } of signatures) {
    for (const der of [prepared.certificate.der, ...prepared.chain]) {
      if (!certificates.some((other) => equalBytes(other, der))) certificates.push(der);
    }
  }
  const infos = signatures.map(signerInfo);
  // Only several have an order, and only what is encoded can be put in it.
  const inOrder = infos.length === 1 ? infos : inSetOrder(infos.map((info) => info.encode()));
  return [new Outline(contextConstructed(0), ...inSetOrder(certificates)), new Outline(Tag.SET, ...inOrder)];
}

/** SignerInfo, version 1 (RFC 5652, 5.3). */
function signerInfo({ prepared, signature }: CompletedSignature): Outline {
  const { certificate, hash, signedAttributes } = prepared;
  return new Outline(
    Tag.SEQUENCE,
    VERSION_1,
    new Outline(Tag.SEQUENCE, certificate.issuer, new Outline(Tag.INTEGER, certificate.serialNumber)),
    DIGEST_ALGORITHM[hash],
    new Outline(contextConstructed(0), new DerReader(signedAttributes).expect(Tag.SET).contents),
    RSA_SIGNATURE_ALGORITHM,
    new Outline(Tag.OCTET_STRING, signature),
  );
}
