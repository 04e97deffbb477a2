import { createPublicKey, type KeyObject } from 'node:crypto';
import { readTlvs, TlvFormatError } from '@jpki/iso7816';
import { CardDataInvalidError } from '../errors.ts';

/** Tags of a public key on the card: `90 03 <exponent> 91 82 0100 <modulus>` (card-protocol.md 4.4). */
const KeyTag = { EXPONENT: 0x90, MODULUS: 0x91 } as const;

/** RSA-2048, bytes. */
export const MODULUS_LENGTH = 256;

/** 65,537: the exponent of every key of the card and of the CAs above it (card-protocol.md 4.4). */
const EXPONENT = '010001';

/**
 * A public key as the card writes it.
 *
 * @throws {CardDataInvalidError} unless it is an RSA-2048 key with exponent 65,537, and nothing beside.
 */
export function readCardKey(bytes: Uint8Array): KeyObject {
  try {
    const [exponent, modulus, ...more] = readTlvs(bytes);
    if (exponent?.tag !== KeyTag.EXPONENT || modulus?.tag !== KeyTag.MODULUS || more.length > 0)
      throw new CardDataInvalidError('a public key has not the parts it must');
    if (Buffer.from(exponent.value).toString('hex') !== EXPONENT)
      throw new CardDataInvalidError('a public key has an unusual exponent');
    return keyOfModulus(modulus.value);
  } catch (error) {
    if (error instanceof TlvFormatError)
      throw new CardDataInvalidError('a public key is no data object', error);
    throw error;
  }
}

/** The RSA key of a modulus of 2048 bits and the exponent 65,537. @throws {CardDataInvalidError} for another modulus. */
export function keyOfModulus(modulus: Uint8Array): KeyObject {
  const [first = 0] = modulus;
  const isOdd = ((modulus.at(-1) ?? 0) & 1) === 1;
  if (modulus.length !== MODULUS_LENGTH || first < 0x80 || !isOdd)
    throw new CardDataInvalidError('a public key is no RSA-2048 key');
  const n = Buffer.from(modulus).toString('base64url');
  return createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' });
}
