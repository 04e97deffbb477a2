/** The three answers of ETSI EN 319 102-1, 5.1.3: TOTAL-PASSED, TOTAL-FAILED, INDETERMINATE. */
export type VerdictStatus = 'valid' | 'invalid' | 'indeterminate';

/** What can be wrong with a signature; stable. What each means stands in {@link FINDINGS}. */
export type FindingCode =
  | 'FORMAT_INVALID'
  | 'CONTENT_MISSING'
  | 'CONTENT_CHANGED'
  | 'SIGNATURE_WRONG'
  | 'SIGNER_CERTIFICATE_MISSING'
  | 'SIGNER_CERTIFICATE_SWAPPED'
  | 'SIGNED_ATTRIBUTES_MISSING'
  | 'ALGORITHM_NOT_ACCEPTED'
  | 'CERTIFICATE_MALFORMED'
  | 'CA_UNKNOWN'
  | 'CA_KEY_MISMATCH'
  | 'CA_EXPIRED'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_PURPOSE_WRONG'
  | 'CERTIFICATE_EXTENSION_UNKNOWN';

/** Severity, sub-indication of ETSI EN 319 102-1 (5.1.3), and one English sentence. */
export type FindingFacts = readonly [severity: 'error' | 'warning', subIndication: string, message: string];

/** Every finding there is. */
export const FINDINGS: Readonly<Record<FindingCode, FindingFacts>> = {
  FORMAT_INVALID: ['error', 'FORMAT_FAILURE', 'this is no CMS signature'],
  CONTENT_MISSING: [
    'warning',
    'SIGNED_DATA_NOT_FOUND',
    'the signature is detached and the document was not given',
  ],
  CONTENT_CHANGED: ['error', 'HASH_FAILURE', 'the document is not the one that was signed'],
  SIGNATURE_WRONG: [
    'error',
    'SIG_CRYPTO_FAILURE',
    'the signature value does not verify with the certificate of the signer',
  ],
  SIGNER_CERTIFICATE_MISSING: [
    'warning',
    'NO_SIGNING_CERTIFICATE_FOUND',
    'the certificate of the signer is not in the signature',
  ],
  SIGNER_CERTIFICATE_SWAPPED: [
    'error',
    'SIG_CONSTRAINTS_FAILURE',
    'the signed reference to the certificate names another one',
  ],
  SIGNED_ATTRIBUTES_MISSING: ['warning', 'SIG_CONSTRAINTS_FAILURE', 'the signature has no signed attributes'],
  ALGORITHM_NOT_ACCEPTED: [
    'warning',
    'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
    'the signature uses an algorithm that is not accepted',
  ],
  CERTIFICATE_MALFORMED: ['error', 'FORMAT_FAILURE', 'the certificate of the signer cannot be read'],
  CA_UNKNOWN: [
    'warning',
    'NO_CERTIFICATE_CHAIN_FOUND',
    'the certificate comes from a CA that is not trusted',
  ],
  CA_KEY_MISMATCH: [
    'warning',
    'NO_CERTIFICATE_CHAIN_FOUND',
    'the certificate names a trusted CA but was signed with another key',
  ],
  CA_EXPIRED: [
    'warning',
    'OUT_OF_BOUNDS_NO_POE',
    'the CA was not within its validity at the time of verification',
  ],
  CERTIFICATE_EXPIRED: [
    'warning',
    'OUT_OF_BOUNDS_NO_POE',
    'the certificate had expired at the time of verification',
  ],
  CERTIFICATE_NOT_YET_VALID: [
    'warning',
    'NOT_YET_VALID',
    'the certificate was not yet valid at the time of verification',
  ],
  CERTIFICATE_PURPOSE_WRONG: [
    'warning',
    'CHAIN_CONSTRAINTS_FAILURE',
    'the certificate is not meant for this use',
  ],
  CERTIFICATE_EXTENSION_UNKNOWN: [
    'warning',
    'CHAIN_CONSTRAINTS_FAILURE',
    'the certificate has a critical extension that is not understood',
  ],
};

/** One thing that is wrong with a signature. */
export interface Finding {
  readonly code: FindingCode;
  /** `error` makes the verdict `invalid`, `warning` makes it `indeterminate`. */
  readonly severity: 'error' | 'warning';
  /** Sub-indication of ETSI EN 319 102-1. */
  readonly subIndication: string;
  /** One English sentence. */
  readonly message: string;
}

/** Something that was not looked at, and why. */
export interface NotChecked {
  readonly code: 'REVOCATION' | 'SIGNING_TIME';
  readonly reason: string;
}

export function finding(code: FindingCode): Finding {
  const [severity, subIndication, message] = FINDINGS[code];
  return { code, severity, subIndication, message };
}

/** The worst of what was found. Anything that `open` names keeps a verdict from being `valid`. */
export function statusOf(findings: readonly Finding[], open: readonly NotChecked[] = []): VerdictStatus {
  if (findings.some(({ severity }) => severity === 'error')) return 'invalid';
  return findings.length > 0 || open.length > 0 ? 'indeterminate' : 'valid';
}

const ORDER: readonly VerdictStatus[] = ['invalid', 'indeterminate', 'valid'];

/** The worst of several verdicts: invalid before indeterminate before valid; nothing at all is invalid. */
export function worstStatus(statuses: readonly VerdictStatus[]): VerdictStatus {
  return ORDER.find((status) => statuses.includes(status)) ?? 'invalid';
}
