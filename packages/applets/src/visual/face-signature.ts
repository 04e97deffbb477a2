import { digestOf } from '@jpki/core';
import type { CvCertificate } from '../cv/certificate.ts';
import { verifiesBlock } from '../cv/record-proof.ts';
import type { FaceRecord } from './records.ts';

/**
 * DigestInfo of SHA-256 up to an OCTET STRING of 96 bytes: three digests where RFC 8017 has one (card-protocol.md 5).
 *
 * @provenance observed on one test card (myna-card 3.3.4, and its files decoded anew)
 */
const FACE_DIGEST_INFO = Buffer.from('3071300d060960864801650304020105000460', 'hex');

/** Whether the key of the CV certificate signed the three groups of the face. */
export function verifiesFace(certificate: CvCertificate, { groups, signature }: FaceRecord): boolean {
  const digests = groups.map((group) => digestOf('sha256', group));
  return verifiesBlock(certificate.publicKey, Buffer.concat([FACE_DIGEST_INFO, ...digests]), signature);
}
