import type { KeyObject } from 'node:crypto';
import type { CardSession } from '@jpki/iso7816';
import type { CvTrust } from '../cv/anchor.ts';
import { type CvCertificate, readCvCertificate } from '../cv/certificate.ts';
import { answersChallenge } from '../cv/challenge.ts';
import { checkCvChain, proofOf, unless } from '../cv/record-proof.ts';
import { NOT_CHECKED, type Proof } from '../proof.ts';
import { readObject } from '../reading.ts';
import { VisualEf } from './layout.ts';

/**
 * Proves a record of the selected, unlocked application: its signature, the CV certificate up to a trusted key, and a
 * challenge to the card's own key, which is in the record (card-protocol.md 5).
 *
 * @param isSigned whether the key of the CV certificate signed the record.
 * @throws {CardForgedError} when any of it is wrong.
 */
export async function proveVisual(
  session: CardSession,
  cardKey: KeyObject,
  isSigned: (certificate: CvCertificate) => boolean,
  trust: CvTrust,
): Promise<Proof> {
  if (trust === 'unproven') return NOT_CHECKED;
  const file = { ef: VisualEf.CV_CERTIFICATE, reference: 'number-a' } as const;
  const certificate = readCvCertificate(await readObject(session, file));
  const answerHolds = await answersChallenge(session, cardKey);
  return proofOf(checkCvChain(certificate, trust), [
    unless(isSigned(certificate), 'RECORD_WRONG'),
    unless(answerHolds, 'CHALLENGE_WRONG'),
  ]);
}
