import { Outline, type Part } from '../der/outline.ts';
import { equalBytes } from '../der/reader.ts';
import { Tag } from '../der/tags.ts';
import { objectIdentifier, octetString, setOf, time } from '../der/writer.ts';
import { digestLength, digestOf, type HashName } from '../digest-info.ts';
import { SignatureMismatchError } from '../errors.ts';
import { Oid } from '../oids.ts';
import type { Signer } from '../signer.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';

/** Length of a SHA-256 digest in bytes; SHA-1 has less. */
const MIN_DIGEST_LENGTH = 32;

/** What a signature is made over, and by whom. */
export interface SignatureRequest {
  /** Digest of the document with `hash`. */
  readonly contentDigest: Uint8Array;
  /** Hash of the document and of the signed attributes; SHA-256 unless said otherwise. SHA-1 is not made. */
  readonly hash?: Exclude<HashName, 'sha1'>;
  /** The signer's certificate: DER, or read before. */
  readonly certificate: Uint8Array | Certificate;
  /** Certificates of its issuers that travel along, DER. */
  readonly chain?: readonly Uint8Array[];
  /**
   * The claimed signing time; now unless said otherwise. `null` leaves the attribute out, as PAdES demands
   * (ETSI EN 319 142-1, 6.3).
   */
  readonly signingTime?: Date | null;
}

/**
 * First phase of a signature: everything but the signature value. Keep it, have `toBeSigned` signed by whoever
 * holds the key, here or elsewhere, and hand both to {@link completeSignature}.
 */
export interface PreparedSignature {
  readonly hash: HashName;
  /** Digest, with `hash`, of the signed attributes: what the key signs. */
  readonly toBeSigned: Uint8Array;
  /** The signed attributes as the SET OF that is hashed (RFC 5652, 5.4), DER. */
  readonly signedAttributes: Uint8Array;
  readonly certificate: Certificate;
  readonly chain: readonly Uint8Array[];
}

/** A prepared signature and its value, ready to be encoded. */
export interface CompletedSignature {
  readonly prepared: PreparedSignature;
  readonly signature: Uint8Array;
}

/**
 * Prepares a CAdES baseline B signature (ETSI EN 319 122-1, 6.3): content-type, message-digest, signing-time and
 * signing-certificate-v2 as signed attributes.
 *
 * @throws {RangeError} when the digest has not the length of the hash, or the time is no date;
 * {@link CertificateFormatError} for a bad certificate.
 */
export function prepareSignature(request: SignatureRequest): PreparedSignature {
  const { contentDigest, hash = 'sha256', signingTime = new Date() } = request;
  // The types say so too, but not to callers in JavaScript.
  if (digestLength(hash) < MIN_DIGEST_LENGTH) throw new RangeError(`no signatures are made with ${hash}`);
  if (contentDigest.length !== digestLength(hash)) {
    throw new RangeError(`a ${hash} digest has ${digestLength(hash)} bytes, not ${contentDigest.length}`);
  }
  const given = request.certificate;
  const certificate = given instanceof Uint8Array ? readCertificate(given) : given;
  const chain = (request.chain ?? []).map((der) => readCertificate(der).der);
  const attributes = [
    CONTENT_TYPE_DATA,
    attribute(MESSAGE_DIGEST, octetString(contentDigest)),
    attribute(SIGNING_CERTIFICATE_V2, signingCertificateV2(certificate)),
  ];
  if (signingTime !== null) attributes.push(attribute(SIGNING_TIME, time(signingTime)));
  const signedAttributes = setOf(...attributes);
  return { hash, toBeSigned: digestOf(hash, signedAttributes), signedAttributes, certificate, chain };
}

/**
 * Second phase: joins a prepared signature with its value, after checking that the value is the certificate's.
 *
 * @throws {SignatureMismatchError} when it is not: a faulty or hostile signer must not put a bad signature into a file.
 */
export function completeSignature(prepared: PreparedSignature, signature: Uint8Array): CompletedSignature {
  const { certificate, hash, toBeSigned } = prepared;
  if (!certificate.hasSigned(hash, toBeSigned, signature)) throw new SignatureMismatchError();
  return { prepared, signature };
}

/** Both phases where the signer is at hand. @throws what the signer throws; {@link SignatureMismatchError}. */
export async function signContentDigest(
  request: Omit<SignatureRequest, 'certificate' | 'chain'>,
  signer: Signer,
): Promise<CompletedSignature> {
  const prepared = prepareSignature({ ...request, certificate: certificateOf(signer), chain: signer.chain });
  return completeSignature(prepared, await signer.sign(prepared.hash, prepared.toBeSigned));
}

const certificates = new WeakMap<Signer, Certificate>();

/** The signer's certificate; read, and its key imported, once for all signatures of one signer. */
function certificateOf(signer: Signer): Certificate {
  const known = certificates.get(signer);
  if (known !== undefined && equalBytes(known.der, signer.certificate)) return known;
  // A copy of its own: were the signer's bytes overwritten, what is kept would no longer be what was read.
  const certificate = readCertificate(new Uint8Array(signer.certificate));
  certificates.set(signer, certificate);
  return certificate;
}

function attribute(type: Uint8Array, value: Part): Uint8Array {
  return new Outline(Tag.SEQUENCE, type, new Outline(Tag.SET, value)).encode();
}

const MESSAGE_DIGEST = objectIdentifier(Oid.messageDigest);
const SIGNING_TIME = objectIdentifier(Oid.signingTime);
const SIGNING_CERTIFICATE_V2 = objectIdentifier(Oid.signingCertificateV2);
const CONTENT_TYPE_DATA = attribute(objectIdentifier(Oid.contentType), objectIdentifier(Oid.data));

/** SigningCertificateV2 with one ESSCertIDv2: SHA-256 is the default, so the hash stands alone (RFC 5035, 4). */
function signingCertificateV2(certificate: Certificate): Outline {
  const certId = new Outline(Tag.SEQUENCE, octetString(certificate.fingerprint()));
  return new Outline(Tag.SEQUENCE, new Outline(Tag.SEQUENCE, certId));
}
