import { equalBytes } from '@jpki/core/der';
import type { CvAnchor } from '../cv/anchor.ts';
import { type CvCertificate, isSignedBy } from '../cv/certificate.ts';
import { checkCvChain, proofOf, unless } from '../cv/record-proof.ts';
import type { Proof } from '../proof.ts';

/**
 * The two certificates of the card manager under a trusted key (card-protocol.md 1.4). They prove that the card came from
 * its issuer's files; no challenge for the last key is known.
 *
 * @throws {CardForgedError} when a signature is wrong, or the lower one hangs under another key than the upper certifies.
 */
export function proveManagerChain(
  upper: CvCertificate,
  lower: CvCertificate | undefined,
  trust: readonly CvAnchor[],
): Proof {
  const lowerHolds =
    lower === undefined || (equalBytes(lower.issuer, upper.subject) && isSignedBy(lower, upper.publicKey));
  return proofOf(checkCvChain(upper, trust), [unless(lowerHolds, 'CV_CERTIFICATE_WRONG')]);
}
