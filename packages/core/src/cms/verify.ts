import { equalBytes } from '../der/reader.ts';
import { Tag } from '../der/tags.ts';
import { digestOf, type HashName } from '../digest-info.ts';
import { CertificateFormatError } from '../errors.ts';
import type { Purpose, Trust, TrustAnchor } from '../trust/anchor.ts';
import { checkPath, type PathOptions } from '../trust/path.ts';
import {
  type Finding,
  type FindingCode,
  finding,
  type NotChecked,
  statusOf,
  type VerdictStatus,
  worstStatus,
} from '../trust/verdict.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { type ByteSource, bytesSource, type ContentDigests, digestContentSync } from './byte-source.ts';
import { contentHashes, type SignedData } from './signed-data.ts';
import type { SignerInfo } from './signer-info.ts';
import type { VerificationCache } from './verification-cache.ts';

/** Whom to trust, at what moment, and which document. */
export interface VerifyOptions {
  /** Whom to trust. Nothing inside the message is ever trusted by itself. */
  readonly trust: Trust;
  /** What the certificates must be meant for; `sign` (document signatures) unless said otherwise. */
  readonly purpose?: Purpose;
  /** Moment of verification; now unless said otherwise. */
  readonly at?: Date;
  /** `off` accepts that nobody looks whether certificates were revoked (失効未確認). */
  readonly revocation?: 'off';
  /** The document of a detached signature: its bytes, or its digests for documents that are not in memory. */
  readonly content?: Uint8Array | ContentDigests;
  /** Digests of the document inside an attached signature, where the caller computed them. */
  readonly attachedDigests?: ContentDigests;
  /** Certificates met before; makes the second signature of the same signer cheaper. */
  readonly cache?: VerificationCache;
}

/** What was found of one signer. */
export interface SignatureReport {
  readonly status: VerdictStatus;
  readonly findings: readonly Finding[];
  /** The signer's certificate, if the message holds it and it could be read. */
  readonly certificate: Certificate | undefined;
  /** The anchor whose key signed the certificate. */
  readonly anchor: TrustAnchor | undefined;
  /** Claimed signing time; proven by nobody. */
  readonly signingTime: Date | undefined;
  /** `B` when every attribute of CAdES baseline B (ETSI EN 319 122-1, 6.3) is there. */
  readonly level: 'B' | undefined;
}

/** The answer for a whole message: the worst of its signers, and what nobody looked at. */
export interface Verdict {
  readonly status: VerdictStatus;
  /** What is wrong with the message as a whole. */
  readonly findings: readonly Finding[];
  readonly signatures: readonly SignatureReport[];
  readonly notChecked: readonly NotChecked[];
}

const REVOCATION: NotChecked = {
  code: 'REVOCATION',
  reason: 'no revocation data was given; only statutory verifiers (署名検証者) receive it from J-LIS',
};

/** The verdict on something that is no signature at all. */
export function formatVerdict(): Verdict {
  return { status: 'invalid', findings: [finding('FORMAT_INVALID')], signatures: [], notChecked: [] };
}

/**
 * Verifies every signer of a SignedData. A wrong signature is an answer, not an exception.
 *
 * @throws {RangeError} when the source ends early while the attached document is hashed, or `at` is no date.
 */
export function verifySignedData(signedData: SignedData, options: VerifyOptions): Verdict {
  const { signerInfos } = signedData;
  if (signerInfos.length === 0) return formatVerdict();
  const context = verificationContext(signedData, options);
  const signatures = signerInfos.map((signer) => verifySigner(signer, context));
  const notChecked = [REVOCATION];
  const open = options.revocation === 'off' ? [] : notChecked;
  const status = worstStatus([...signatures.map((signature) => signature.status), statusOf([], open)]);
  return { status, findings: [], signatures, notChecked };
}

interface Context {
  readonly options: VerifyOptions;
  readonly at: number;
  readonly contentType: Uint8Array;
  readonly certificates: readonly Certificate[];
  /** Whether one of the certificates in the message could not be read. */
  readonly malformed: boolean;
  /** Digests of everything that claims to be the document: attached, given, or both. */
  readonly documents: readonly ContentDigests[];
}

function verificationContext(signedData: SignedData, options: VerifyOptions): Context {
  const certificates: Certificate[] = [];
  let malformed = false;
  for (const der of signedData.certificates) {
    const certificate = tryRead(der, options.cache);
    if (certificate === undefined) malformed = true;
    else certificates.push(certificate);
  }
  return {
    options,
    at: (options.at ?? new Date()).getTime(),
    contentType: signedData.contentType,
    certificates,
    malformed,
    documents: documentDigests(signedData, options),
  };
}

function tryRead(der: Uint8Array, cache: VerificationCache | undefined): Certificate | undefined {
  try {
    return cache === undefined ? readCertificate(der) : cache.certificate(der);
  } catch (error) {
    if (error instanceof CertificateFormatError) return undefined;
    throw error;
  }
}

function documentDigests(
  signedData: SignedData,
  { content, attachedDigests }: VerifyOptions,
): ContentDigests[] {
  const hashes = contentHashes(signedData);
  const hashed = (source: ByteSource, ranges?: SignedData['content']) =>
    digestContentSync(source, hashes, ranges);
  const documents: ContentDigests[] = [];
  if (signedData.content !== undefined) {
    documents.push(attachedDigests ?? hashed(signedData.source, signedData.content));
  }
  if (content instanceof Uint8Array) documents.push(hashed(bytesSource(content)));
  else if (content !== undefined) documents.push(content);
  return documents;
}

function verifySigner(signer: SignerInfo, context: Context): SignatureReport {
  const { signingTime } = signer.attributes;
  const certificate = context.certificates.find((candidate) => signer.names(candidate));
  const codes = checkContent(signer, context);
  if (certificate === undefined)
    codes.push(context.malformed ? 'CERTIFICATE_MALFORMED' : 'SIGNER_CERTIFICATE_MISSING');
  else codes.push(...checkSignature(signer, certificate));
  const path = certificate && checkPath(certificate, pathOptions(context));
  const found = [...codes.map(finding), ...(path?.findings ?? [])];
  const findings = found.filter(({ code }, at) => found.findIndex((other) => other.code === code) === at);
  const open = context.options.revocation === 'off' ? [] : [REVOCATION];
  return {
    status: statusOf(findings, open),
    findings,
    certificate,
    anchor: path?.anchor,
    signingTime: signingTime === undefined ? undefined : new Date(signingTime),
    level: isBaselineB(signer) && certificate !== undefined ? 'B' : undefined,
  };
}

function pathOptions({ options, at, certificates }: Context): PathOptions {
  const { cache } = options;
  return {
    trust: options.trust,
    purpose: options.purpose ?? 'sign',
    at,
    candidates: certificates,
    ...(cache && { isIssuedBy: (certificate, anchor) => cache.isIssuedBy(certificate, anchor) }),
  };
}

/** Whether the algorithms are accepted, and the signed attributes speak of this document. */
function checkContent(signer: SignerInfo, { contentType, documents }: Context): FindingCode[] {
  const { hash, isRsa, attributes, encodedAttributes } = signer;
  const codes: FindingCode[] =
    hash === undefined || hash === 'sha1' || !isRsa ? ['ALGORITHM_NOT_ACCEPTED'] : [];
  const { messageDigest, contentType: signedType } = attributes;
  // Without signed attributes a signature over attributes could be passed off as one over a document.
  if (encodedAttributes === undefined || messageDigest === undefined || signedType === undefined)
    return [...codes, 'SIGNED_ATTRIBUTES_MISSING'];
  if (!equalBytes(signedType, contentType)) return [...codes, 'CONTENT_CHANGED'];
  if (hash === undefined) return codes;
  const digests = documents.map((document) => document.get(hash)).filter((digest) => digest !== undefined);
  if (digests.some((digest) => !equalBytes(digest, messageDigest))) return [...codes, 'CONTENT_CHANGED'];
  // A digest that the caller did not compute says nothing, neither for nor against the document.
  if (digests.length < Math.max(1, documents.length)) codes.push('CONTENT_MISSING');
  return codes;
}

/** Whether the certificate's key signed the attributes, and the attributes name that certificate. */
function checkSignature(signer: SignerInfo, certificate: Certificate): FindingCode[] {
  const { hash, encodedAttributes, attributes, signature } = signer;
  if (hash === undefined || !signer.isRsa || encodedAttributes === undefined) return [];
  // RFC 5652, 5.4: hashed as the SET OF they are, not under the [0] they travel with.
  const signed = Buffer.from(encodedAttributes);
  signed[0] = Tag.SET;
  const isRight = hasSigned(certificate, hash, digestOf(hash, signed), signature);
  if (isRight === undefined) return ['ALGORITHM_NOT_ACCEPTED'];
  const codes: FindingCode[] = isRight ? [] : ['SIGNATURE_WRONG'];
  const reference = attributes.signingCertificate;
  if (reference === undefined) return codes;
  const { hash: referenceHash, digest } = reference;
  if (referenceHash === undefined) codes.push('ALGORITHM_NOT_ACCEPTED');
  else if (!equalBytes(certificateDigest(certificate, referenceHash), digest))
    codes.push('SIGNER_CERTIFICATE_SWAPPED');
  return codes;
}

/** The certificate computes its SHA-256 once; nobody uses the other hashes for references. */
function certificateDigest(certificate: Certificate, hash: HashName): Uint8Array {
  return hash === 'sha256' ? certificate.fingerprint() : digestOf(hash, certificate.der);
}

/** `undefined` when the certificate's key is none that is accepted. */
function hasSigned(certificate: Certificate, ...signed: Parameters<Certificate['hasSigned']>) {
  try {
    return certificate.hasSigned(...signed);
  } catch (error) {
    if (error instanceof CertificateFormatError) return undefined;
    throw error;
  }
}

function isBaselineB({ attributes }: SignerInfo): boolean {
  const { contentType, messageDigest, signingTime, signingCertificate } = attributes;
  return [contentType, messageDigest, signingTime, signingCertificate].every((value) => value !== undefined);
}
