import { equalBytes } from '../der/reader.ts';
import { contextConstructed, Tag } from '../der/tags.ts';
import {
  element,
  elementHeader,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../der/writer.ts';
import { Oid } from '../oids.ts';
import { DIGEST_ALGORITHM, RSA_SIGNATURE_ALGORITHM } from './algorithms.ts';
import type { CompletedSignature, PreparedSignature } from './prepare.ts';

const DATA = objectIdentifier(Oid.data);
const SIGNED_DATA = objectIdentifier(Oid.signedData);
const VERSION_1 = integer(1);

/**
 * SignedData (RFC 5652, 5.1) in DER.
 *
 * @param content the document for the attached form; left out for the detached form.
 */
export function encodeSignedData(
  signatures: readonly CompletedSignature[],
  content?: Uint8Array,
): Uint8Array {
  if (content === undefined) return contentInfo(signatures, sequence(DATA));
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
  const tail = epilogue(signatures);
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
  return encodeSignedData(prepared.map((each) => ({ prepared: each, signature }))).length;
}

function contentInfo(signatures: readonly CompletedSignature[], encapsulated: Uint8Array): Uint8Array {
  const signedData = sequence(preamble(signatures), encapsulated, epilogue(signatures));
  return sequence(SIGNED_DATA, element(contextConstructed(0), signedData));
}

/** Version and digest algorithms. Version 1: only data content, v3 certificates and issuer-and-serial signers. */
function preamble(signatures: readonly CompletedSignature[]): Uint8Array {
  if (signatures.length === 0) throw new RangeError('a SignedData needs a signature');
  const hashes = new Set(signatures.map(({ prepared }) => prepared.hash));
  return Buffer.concat([VERSION_1, setOf(...Array.from(hashes, (hash) => DIGEST_ALGORITHM[hash]))]);
}

/** Certificates and signer infos. */
function epilogue(signatures: readonly CompletedSignature[]): Uint8Array {
  const certificates: Uint8Array[] = [];
  for (const { prepared } of signatures) {
    for (const der of [prepared.certificate.der, ...prepared.chain]) {
      if (!certificates.some((other) => equalBytes(other, der))) certificates.push(der);
    }
  }
  const set = setOf(...certificates);
  const implicit = new Uint8Array(set);
  implicit[0] = contextConstructed(0);
  return Buffer.concat([implicit, setOf(...signatures.map(signerInfo))]);
}

/** SignerInfo, version 1 (RFC 5652, 5.3). */
function signerInfo({ prepared, signature }: CompletedSignature): Uint8Array {
  const { certificate, hash, signedAttributes } = prepared;
  const implicit = new Uint8Array(signedAttributes);
  implicit[0] = contextConstructed(0);
  return sequence(
    VERSION_1,
    sequence(certificate.issuer, element(Tag.INTEGER, certificate.serialNumber)),
    DIGEST_ALGORITHM[hash],
    implicit,
    RSA_SIGNATURE_ALGORITHM,
    octetString(signature),
  );
}
