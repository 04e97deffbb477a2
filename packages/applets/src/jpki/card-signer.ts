import type { KeyObject } from 'node:crypto';
import { type Certificate, digestInfo, type Signer, verifyRsaDigest } from '@jpki/core';
import { type CardSession, StatusWordError, Sw } from '@jpki/iso7816';
import { ComputeSignature, SIGNATURE_LENGTH } from '../compute-signature.ts';
import { CardSignatureInvalidError, PinRequiredError } from '../errors.ts';
import { CARD_SCHEMES, type CardScheme } from './card-scheme.ts';

/** A private key of the card, and the certificate that its signatures are checked with. */
export interface CardKey {
  readonly reference: 'sign' | 'auth';
  readonly keyEf: number;
  readonly certificate: Certificate;
}

/** The signer of a card's key: what every format needs, and the schemes in which the card hashes or pads by itself. */
export interface CardSigner extends Signer {
  /**
   * Lets the card sign `data` in a scheme of its own.
   *
   * @throws {RangeError} when the scheme does not take so many bytes, and then nothing is sent; what {@link Signer.sign}
   * of this signer throws.
   */
  signWith(scheme: CardScheme, data: Uint8Array): Promise<Uint8Array>;
}

/** One signature to be made: the bytes for the card, P1, and whether an answer is right. */
interface Task {
  readonly p1: number;
  readonly data: Uint8Array;
  readonly isRight: (signature: Uint8Array) => boolean;
}

/**
 * The signer for a key whose PIN is verified, for as long as the session lasts. It hands out no signature that the
 * certificate does not confirm.
 */
export function cardSigner(session: CardSession, { reference, keyEf, certificate }: CardKey): CardSigner {
  const { publicKey } = certificate;
  let p2: number | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const run = async ({ p1, data, isRight }: Task): Promise<Uint8Array> => {
    if (p2 === undefined) {
      await session.selectEf(keyEf);
      p2 = await session.efReference();
    }
    const signature = await computeSignature(session, reference, { p1, p2, data });
    if (!isRight(signature)) throw new CardSignatureInvalidError();
    return signature;
  };
  // A card takes one command at a time; callers who sign several documents at once are put in a row.
  const inTurn = (prepare: () => Task): Promise<Uint8Array> => {
    const turn = last.then(() => run(prepare()));
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    certificate: certificate.der,
    chain: [],
    signatureLength: SIGNATURE_LENGTH,
    sign: (hash, digest) =>
      inTurn(() => ({
        p1: ComputeSignature.P1_DIGEST_INFO,
        data: digestInfo(hash, digest),
        isRight: (signature) => verifyRsaDigest(publicKey, hash, digest, signature),
      })),
    signWith: (scheme, data) => inTurn(() => schemeTask(scheme, data, publicKey)),
  };
}

function schemeTask(scheme: CardScheme, data: Uint8Array, key: KeyObject): Task {
  const { p1, minLength, maxLength, verify } = CARD_SCHEMES[scheme];
  if (data.length < minLength || data.length > maxLength)
    throw new RangeError(`the card signs ${minLength} to ${maxLength} bytes in the scheme ${scheme}`);
  return {
    p1,
    data,
    isRight: (signature) => signature.length === SIGNATURE_LENGTH && verify(key, data, signature),
  };
}

/** COMPUTE DIGITAL SIGNATURE with the key that P2 means: `80 2A 00 80 Lc <DigestInfo> 00`, other schemes by P1 (card-protocol.md 3.6). */
async function computeSignature(
  session: CardSession,
  reference: 'sign' | 'auth',
  { p1, p2, data }: { readonly p1: number; readonly p2: number; readonly data: Uint8Array },
): Promise<Uint8Array> {
  const { CLA: cla, INS: ins } = ComputeSignature;
  try {
    return await session.execute({ cla, ins, p1, p2, data, le: SIGNATURE_LENGTH });
  } catch (error) {
    const locked = error instanceof StatusWordError && error.sw === Sw.SECURITY_STATUS_NOT_SATISFIED;
    throw locked ? new PinRequiredError(reference, error) : error;
  }
}
