import { oidContents } from '../der/oid-table.ts';
import { equalBytes } from '../der/reader.ts';
import { CoreError } from '../errors.ts';
import { Oid } from '../oids.ts';
import type { Certificate } from '../x509/certificate.ts';
import { KeyUsage } from '../x509/extensions.ts';
import {
  anchorFromCertificate,
  type PinnedAnchor,
  type Purpose,
  type Trust,
  type TrustAnchor,
} from './anchor.ts';
import { type Finding, type FindingCode, finding } from './verdict.ts';

/** What a certificate is checked against. */
export interface PathOptions {
  readonly trust: Trust;
  readonly purpose: Purpose;
  /** Moment of verification, milliseconds since the epoch. */
  readonly at: number;
  /** CA certificates at hand (from the message or the card); they serve only where `trust` pins their hash. */
  readonly candidates?: readonly Certificate[];
  /** Remembers issuer signatures that were found right; see `VerificationCache`. */
  readonly isIssuedBy?: (certificate: Certificate, anchor: TrustAnchor) => boolean;
}

/** What was found of a certificate. */
export interface PathResult {
  readonly findings: readonly Finding[];
  /** The anchor whose key signed the certificate, if one did. */
  readonly anchor: TrustAnchor | undefined;
}

/**
 * Checks an end-entity certificate up to a trust anchor (RFC 5280, 6.1 for the depth JPKI has: the CA that is the
 * anchor signs the holder's certificate, with nothing in between). Revocation is not part of it.
 *
 * @throws {RangeError} when the moment of verification is not a number.
 */
export function checkPath(certificate: Certificate, options: PathOptions): PathResult {
  // NaN lies neither before nor after anything: every certificate would count as current.
  if (Number.isNaN(options.at)) throw new RangeError('the moment of verification is no date');
  const { anchor, failure } = findIssuer(certificate, options);
  const codes: FindingCode[] = failure === undefined ? [] : [failure];
  // Two documents of one SHA-1 can be made, so its signature no longer tells which one the CA saw.
  if (anchor !== undefined && certificate.signatureHash === 'sha1') codes.push('ALGORITHM_NOT_ACCEPTED');
  if (certificate.notBefore > options.at) codes.push('CERTIFICATE_NOT_YET_VALID');
  if (certificate.notAfter < options.at) codes.push('CERTIFICATE_EXPIRED');
  if (anchor !== undefined && (anchor.notBefore > options.at || anchor.notAfter < options.at))
    codes.push('CA_EXPIRED');
  if (certificate.extensions.unknownCritical) codes.push('CERTIFICATE_EXTENSION_UNKNOWN');
  codes.push(...checkPurpose(certificate, options.purpose, anchor));
  return { findings: codes.map(finding), anchor };
}

/** Extensions are decoded when asked for; one that is no DER shows only then, and is a finding like any other. */
function checkPurpose(...check: Parameters<typeof servesPurpose>): FindingCode[] {
  try {
    return servesPurpose(...check) ? [] : ['CERTIFICATE_PURPOSE_WRONG'];
  } catch (error) {
    if (error instanceof CoreError) return ['CERTIFICATE_MALFORMED'];
    throw error;
  }
}

interface Issuer {
  readonly anchor?: TrustAnchor;
  readonly failure?: 'CA_UNKNOWN' | 'CA_KEY_MISMATCH' | 'ALGORITHM_NOT_ACCEPTED';
}

/** Finds the anchor by its signature: the generations of a JPKI CA share one name, and a name proves nothing. */
function findIssuer(certificate: Certificate, options: PathOptions): Issuer {
  const { isIssuedBy = (issued, anchor) => issued.isSignedBy(anchor.publicKey) } = options;
  const named = anchorsNamed(certificate.issuer, options);
  const anchor = named.find((candidate) => isIssuedBy(certificate, candidate));
  if (anchor !== undefined) return { anchor };
  if (named.length === 0) return { failure: 'CA_UNKNOWN' };
  return { failure: certificate.signatureHash === undefined ? 'ALGORITHM_NOT_ACCEPTED' : 'CA_KEY_MISMATCH' };
}

/** The newest generation first: it issued most of the certificates in use. */
function anchorsNamed(issuer: Uint8Array, { trust, candidates = [] }: PathOptions): TrustAnchor[] {
  const named: TrustAnchor[] = [];
  for (const trusted of trust) {
    const anchor = trusted.kind === 'key' ? trusted : resolvePin(trusted, candidates);
    if (anchor !== undefined && equalBytes(anchor.subject, issuer)) named.push(anchor);
  }
  return named.sort((a, b) => b.notBefore - a.notBefore);
}

function resolvePin(pin: PinnedAnchor, candidates: readonly Certificate[]): TrustAnchor | undefined {
  const certificate = candidates.find((candidate) => equalBytes(candidate.fingerprint(), pin.fingerprint));
  return certificate && anchorFromCertificate(certificate, pin);
}

/** Policies that say what a certificate of JPKI is for (card-protocol.md 7.2 and 7.3). */
const POLICIES = {
  sign: { production: oidContents(Oid.jpkiSignPolicy), test: oidContents(Oid.jpkiSignTestPolicy) },
  auth: { production: oidContents(Oid.jpkiAuthPolicy), test: oidContents(Oid.jpkiAuthTestPolicy) },
} as const;

const CLIENT_AUTH = oidContents(Oid.clientAuth);

/**
 * Whether a certificate may be used for `purpose`. A document signature needs nonRepudiation (否認防止), which only the
 * 署名用 certificate has; the 利用者証明用 one is told by clientAuth. Under a JPKI anchor the policy must fit as well.
 */
function servesPurpose(certificate: Certificate, purpose: Purpose, anchor: TrustAnchor | undefined): boolean {
  const { extensions } = certificate;
  if (extensions.isCa()) return false;
  if (anchor?.purpose !== undefined && anchor.purpose !== purpose) return false;
  const usage = extensions.keyUsage() ?? 0;
  const bits =
    purpose === 'sign' ? KeyUsage.nonRepudiation | KeyUsage.digitalSignature : KeyUsage.digitalSignature;
  if ((usage & bits) !== bits) return false;
  if (extensions.hasExtendedKeyUsage(CLIENT_AUTH) !== (purpose === 'auth')) return false;
  if (anchor === undefined || anchor.hierarchy === 'custom') return true;
  const policy = POLICIES[purpose];
  return extensions.hasPolicy(anchor.hierarchy === 'production' ? policy.production : policy.test);
}
