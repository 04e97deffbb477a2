import { createPublicKey, type KeyObject } from 'node:crypto';
import { integer, sequence } from '../der/writer.ts';
import { CertificateFormatError } from '../errors.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { KeyUsage } from '../x509/extensions.ts';

/** Who stands behind a CA. `production` alone decides about real people. */
export type Hierarchy = 'production' | 'test' | 'simulator' | 'custom';

/** What a certificate may be used for: 署名用 (document signatures) or 利用者証明用 (login). */
export type Purpose = 'sign' | 'auth';

/** What the caller says of an anchor, beside its key. */
export interface AnchorOrigin {
  readonly hierarchy: Hierarchy;
  /** The only purpose of certificates under this anchor; absent for CAs outside JPKI. */
  readonly purpose?: Purpose;
  /** Generation of the JPKI CA key, from 1. All generations share one name. */
  readonly generation?: number;
}

/**
 * A CA that is trusted because the caller said so: a name, a key and its lifetime. Certificates inside a message
 * never become anchors, but for those a {@link PinnedAnchor} names by their hash.
 */
export interface TrustAnchor extends AnchorOrigin {
  readonly kind: 'key';
  /** Subject Name, DER. */
  readonly subject: Uint8Array;
  readonly publicKey: KeyObject;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** SHA-256 of the CA certificate, 32 bytes. */
  readonly fingerprint: Uint8Array;
}

/** A CA known by the SHA-256 of its certificate alone; it serves when the certificate itself is at hand. */
export interface PinnedAnchor extends AnchorOrigin {
  readonly kind: 'pin';
  /** SHA-256 of the CA certificate, 32 bytes. */
  readonly fingerprint: Uint8Array;
}

/** Whom a verifier trusts. */
export type Trust = readonly (TrustAnchor | PinnedAnchor)[];

/**
 * An anchor out of a CA certificate the caller trusts.
 *
 * @throws {CertificateFormatError} when it is none: another certificate's key must not issue certificates.
 */
export function anchorFromCertificate(
  certificate: Uint8Array | Certificate,
  origin: AnchorOrigin = { hierarchy: 'custom' },
): TrustAnchor {
  const ca = certificate instanceof Uint8Array ? readCertificate(certificate) : certificate;
  const signsCertificates = ((ca.extensions.keyUsage() ?? KeyUsage.keyCertSign) & KeyUsage.keyCertSign) !== 0;
  if (!ca.extensions.isCa() || !signsCertificates)
    throw new CertificateFormatError('this is not the certificate of a CA');
  return {
    ...origin,
    kind: 'key',
    subject: ca.subject,
    publicKey: ca.publicKey,
    notBefore: ca.notBefore,
    notAfter: ca.notAfter,
    fingerprint: ca.fingerprint(),
  };
}

/** The facts that make an anchor without its certificate. */
export interface AnchorFacts extends AnchorOrigin {
  /** Subject Name, DER in hex. */
  readonly subject: string;
  /** RSA modulus in hex; the exponent is 65,537. */
  readonly modulus: string;
  /** ISO 8601. */
  readonly notBefore: string;
  /** ISO 8601. */
  readonly notAfter: string;
  /** SHA-256 of the certificate in hex. */
  readonly sha256: string;
}

/** An anchor out of recorded facts; the key is imported when first needed. */
export function anchorFromFacts({
  subject,
  modulus,
  notBefore,
  notAfter,
  sha256,
  ...origin
}: AnchorFacts): TrustAnchor {
  let key: KeyObject | undefined;
  return {
    ...origin,
    kind: 'key',
    subject: Buffer.from(subject, 'hex'),
    get publicKey() {
      const pkcs1 = () => Buffer.from(sequence(integer(Buffer.from(modulus, 'hex')), integer(65_537)));
      key ??= createPublicKey({ key: pkcs1(), format: 'der', type: 'pkcs1' });
      return key;
    },
    notBefore: Date.parse(notBefore),
    notAfter: Date.parse(notAfter),
    fingerprint: Buffer.from(sha256, 'hex'),
  };
}
