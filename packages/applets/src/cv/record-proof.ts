import { constants, type KeyObject, publicDecrypt } from 'node:crypto';
import { verifyRsa } from '@jpki/core';
import { equalBytes } from '@jpki/core/der';
import {
  CardForgedError,
  type CvHierarchy,
  type Proof,
  type ProofFindingCode,
  proofFinding,
} from '../proof.ts';
import type { CvAnchor } from './anchor.ts';
import { type CvCertificate, isSignedBy } from './certificate.ts';
import { MODULUS_LENGTH } from './key.ts';

/** What a check found: nothing when it held. */
export type Check = ProofFindingCode | undefined;

/** Turns a check into what it found. */
export function unless(held: boolean, code: ProofFindingCode): Check {
  return held ? undefined : code;
}

/** Whether the key of a CV certificate signed `signed` (RSASSA-PKCS1-v1_5, SHA-256). */
export function verifiesRecord(
  certificate: CvCertificate,
  signed: Uint8Array,
  signature: Uint8Array,
): boolean {
  return signature.length === MODULUS_LENGTH && verifyRsa(certificate.publicKey, 'sha256', signed, signature);
}

/**
 * Whether a signature holds exactly `block` behind PKCS#1 v1.5 padding, for the face record, whose DigestInfo has three
 * digests in it (card-protocol.md 5). The block is compared, never parsed.
 */
export function verifiesBlock(key: KeyObject, block: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== MODULUS_LENGTH) return false;
  try {
    return equalBytes(publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature), block);
  } catch {
    // OpenSSL refused the padding: no signature by this key.
    return false;
  }
}

/** Where a certificate hangs: the hierarchy above it, or why it is not trusted. */
export type Chain =
  | { readonly hierarchy: CvHierarchy }
  | { readonly finding: 'CV_CA_UNKNOWN' | 'CV_CERTIFICATE_WRONG' };

/**
 * Finds the trusted key that a certificate names, all 16 bytes of it, and checks the signature with it. A key that is
 * not known is no forgery; one that is known and did not sign is.
 */
export function checkCvChain(certificate: CvCertificate, anchors: readonly CvAnchor[]): Chain {
  const named = anchors.filter(({ keyId }) => equalBytes(keyId, certificate.issuer));
  if (named.length === 0) return { finding: 'CV_CA_UNKNOWN' };
  const anchor = named.find(({ publicKey }) => isSignedBy(certificate, publicKey));
  return anchor === undefined ? { finding: 'CV_CERTIFICATE_WRONG' } : { hierarchy: anchor.hierarchy };
}

/**
 * The proof of a record whose own checks are done. Everything wrong is an error: a record that hangs under nothing
 * trusted must still agree with itself.
 *
 * @throws {CardForgedError} when any signature, hash or answer is wrong.
 */
export function proofOf(chain: Chain, checks: readonly Check[]): Proof {
  const wrong = checks.filter((code) => code !== undefined);
  if ('finding' in chain && chain.finding === 'CV_CERTIFICATE_WRONG') wrong.unshift(chain.finding);
  if (wrong.length > 0) throw new CardForgedError(wrong.map(proofFinding));
  if ('finding' in chain) return { status: 'unverified', findings: [proofFinding(chain.finding)] };
  return { status: 'verified', findings: [], hierarchy: chain.hierarchy };
}
