import type { KeyObject } from 'node:crypto';
import { digestInfo, digestOf, verifyRsa } from '@jpki/core';
import type { CardSession } from '@jpki/iso7816';
import { ComputeSignature, SIGNATURE_LENGTH } from '../compute-signature.ts';

/** Length of the nonce, bytes (card-protocol.md 4.3). */
const NONCE_LENGTH = 16;

/**
 * Challenges the card: its default key signs the DigestInfo of a fresh nonce (内部認証), `80 2A 00 00` (card-protocol.md
 * 3.6, 4.3). A copy of a card's files without its private key fails here.
 *
 * @returns whether `key`, taken from the card's signed record, confirms the answer.
 */
export async function answersChallenge(session: CardSession, key: KeyObject): Promise<boolean> {
  // Not drawn here: a replayed card can answer only the challenge that was recorded.
  const nonce = session.circumstances.nonce(NONCE_LENGTH);
  const { CLA: cla, INS: ins, P1_DIGEST_INFO: p1, P2_DEFAULT_KEY: p2 } = ComputeSignature;
  const data = digestInfo('sha256', digestOf('sha256', nonce));
  const signature = await session.execute({ cla, ins, p1, p2, data, le: SIGNATURE_LENGTH });
  return signature.length === SIGNATURE_LENGTH && verifyRsa(key, 'sha256', nonce, signature);
}
