import { digestOf } from '@jpki/core';
import { equalBytes } from '@jpki/core/der';
import type { CardSession } from '@jpki/iso7816';
import type { CvAnchor, CvTrust } from '../cv/anchor.ts';
import { readCvCertificate } from '../cv/certificate.ts';
import { answersChallenge } from '../cv/challenge.ts';
import { checkCvChain, proofOf, unless, verifiesRecord } from '../cv/record-proof.ts';
import { PinRequiredError } from '../errors.ts';
import { NOT_CHECKED, type Proof, proofFinding } from '../proof.ts';
import { readObject } from '../reading.ts';
import type { SecretReference } from '../secret-reference.ts';
import { TextEf } from './layout.ts';
import { type IntegrityRecord, readCardKeyRecord, readIntegrity } from './records.ts';

/** Data of this application that the integrity record vouches for. */
export interface CoveredData {
  /** What opened it. */
  readonly reference: SecretReference;
  readonly bytes: Uint8Array;
  /** Which digest of the record is the one of this data. */
  readonly digest: (record: IntegrityRecord) => Uint8Array;
}

/**
 * Proves data of the selected, unlocked application: the integrity record and its signature, the CV certificate up to a
 * trusted key, and a challenge to the card's own key, whose record the same certificate signs (card-protocol.md 4.3).
 *
 * @throws {CardForgedError} when any of it is wrong.
 */
export async function proveText(session: CardSession, data: CoveredData, trust: CvTrust): Promise<Proof> {
  if (trust === 'unproven') return NOT_CHECKED;
  try {
    return await prove(session, data, trust);
  } catch (error) {
    // By one source 照合番号B does not open the integrity record (card-protocol.md 11, no. 12): no proof, and no forgery.
    if (!(error instanceof PinRequiredError) || data.reference !== 'number-b') throw error;
    return { status: 'unverified', findings: [proofFinding('RECORD_UNREADABLE')] };
  }
}

async function prove(session: CardSession, data: CoveredData, trust: readonly CvAnchor[]): Promise<Proof> {
  const read = (ef: number) => readObject(session, { ef, reference: 'text' });
  const integrity = readIntegrity(await read(TextEf.INTEGRITY));
  const certificate = readCvCertificate(await read(TextEf.CV_CERTIFICATE));
  const cardKey = readCardKeyRecord(await read(TextEf.CARD_KEY));
  const contentHolds = equalBytes(digestOf('sha256', data.bytes), data.digest(integrity));
  const recordHolds = verifiesRecord(certificate, integrity.signed, integrity.signature);
  const keyHolds = verifiesRecord(certificate, cardKey.signed, cardKey.signature);
  const answerHolds = await answersChallenge(session, cardKey.publicKey);
  return proofOf(checkCvChain(certificate, trust), [
    unless(recordHolds, 'RECORD_WRONG'),
    unless(contentHolds, 'RECORD_CONTENT_WRONG'),
    unless(keyHolds, 'CARD_KEY_WRONG'),
    unless(answerHolds, 'CHALLENGE_WRONG'),
  ]);
}
