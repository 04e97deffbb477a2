import type { Certificate } from '@jpki/core';
import {
  checkPath,
  type Finding,
  type NotChecked,
  type Purpose,
  statusOf,
  type Trust,
  type VerdictStatus,
} from '@jpki/core/trust';

/** A certificate's verdict: whether it comes from a trusted CA, is within its validity and fit for its purpose. */
export interface CertificateVerdict {
  readonly status: VerdictStatus;
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
}

export interface CertificateRequest {
  /** CA certificates at hand; they serve where an anchor is known by its fingerprint alone. */
  readonly candidates: readonly Certificate[];
  readonly purpose: Purpose;
  readonly trust: Trust;
  readonly revocationOff: boolean;
  readonly at: Date;
}

const REVOCATION: NotChecked = { code: 'REVOCATION', reason: 'no revocation data was given' };

/** Verifies a holder's certificate, or a CA certificate: that one must be an anchor itself. */
export function verifyCertificate(certificate: Certificate, request: CertificateRequest): CertificateVerdict {
  const { trust, purpose, revocationOff, at } = request;
  const isAnchor = trust.some(
    (anchor) => Buffer.compare(anchor.fingerprint, certificate.fingerprint()) === 0,
  );
  if (isAnchor) {
    const status = certificate.isValidAt(at.getTime()) ? 'valid' : 'indeterminate';
    return { status, findings: [], notChecked: [] };
  }
  const { candidates } = request;
  const { findings } = checkPath(certificate, { trust, purpose, at: at.getTime(), candidates });
  const status = statusOf(findings, revocationOff ? [] : [REVOCATION]);
  return { status, findings, notChecked: [REVOCATION] };
}
