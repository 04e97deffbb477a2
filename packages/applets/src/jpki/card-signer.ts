import { type Certificate, digestInfo, type Signer, verifyRsaDigest } from '@jpki/core';
import { type CardSession, StatusWordError, Sw } from '@jpki/iso7816';
import { CardSignatureInvalidError, PinRequiredError } from '../errors.ts';
import { ComputeSignature, SIGNATURE_LENGTH } from './layout.ts';

export interface CardKey {
  readonly reference: 'sign' | 'auth';
  readonly keyEf: number;
  readonly certificate: Certificate;
}

/**
 * The signer for a key whose PIN is verified, for as long as the session lasts. It signs DigestInfos of digests and
 * nothing else, and hands out no signature that the certificate does not confirm.
 */
export function cardSigner(session: CardSession, { reference, keyEf, certificate }: CardKey): Signer {
  let p2: number | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const sign: Signer['sign'] = async (hash, digest) => {
    const data = digestInfo(hash, digest);
    if (p2 === undefined) {
      await session.selectEf(keyEf);
      p2 = await session.efReference();
    }
    const signature = await computeSignature(session, reference, p2, data);
    if (!verifyRsaDigest(certificate.publicKey, hash, digest, signature))
      throw new CardSignatureInvalidError();
    return signature;
  };
  return {
    certificate: certificate.der,
    chain: [],
    signatureLength: SIGNATURE_LENGTH,
    // A card takes one command at a time; callers who sign several documents at once are put in a row.
    sign: (hash, digest) => {
      const turn = last.then(() => sign(hash, digest));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

/** COMPUTE DIGITAL SIGNATURE with the key that P2 means: `80 2A 00 80 Lc <DigestInfo> 00` (card-protocol.md 3.6). */
async function computeSignature(
  session: CardSession,
  reference: 'sign' | 'auth',
  p2: number,
  data: Uint8Array,
): Promise<Uint8Array> {
  const { CLA: cla, INS: ins, P1_DIGEST_INFO: p1 } = ComputeSignature;
  try {
    return await session.execute({ cla, ins, p1, p2, data, le: SIGNATURE_LENGTH });
  } catch (error) {
    const locked = error instanceof StatusWordError && error.sw === Sw.SECURITY_STATUS_NOT_SATISFIED;
    throw locked ? new PinRequiredError(reference, error) : error;
  }
}
