import { constants, createHash, type KeyObject, publicDecrypt, verify } from 'node:crypto';
import { verifyRsa, verifyRsaDigest } from '@jpki/core';
import { equalBytes } from '@jpki/core/der';
import { verifyPssDigest } from './pss.ts';

/**
 * The ways of the card's `80 2A` that hash with SHA-256 or pad by themselves (card-protocol.md 3.6). `message`: 1 to 255
 * bytes that the card hashes; `digest`: 32 bytes.
 */
export type CardScheme = 'bare-digest-of-message' | 'digest' | 'message' | 'pss-digest' | 'pss-message';

/** What a scheme takes, how the card is told, and how its answer is checked. */
export interface CardSchemeFacts {
  readonly p1: number;
  readonly minLength: number;
  readonly maxLength: number;
  readonly verify: (key: KeyObject, data: Uint8Array, signature: Uint8Array) => boolean;
}

const DIGEST = { minLength: 32, maxLength: 32 } as const;
const MESSAGE = { minLength: 1, maxLength: 255 } as const;

/** Every scheme as data. @provenance observed: 1 (myna-card tried all 256 values of P1); 05: two more */
export const CARD_SCHEMES: Readonly<Record<CardScheme, CardSchemeFacts>> = {
  'bare-digest-of-message': { p1: 0x01, ...MESSAGE, verify: verifyBareDigest },
  digest: {
    p1: 0x02,
    ...DIGEST,
    verify: (key, data, signature) => verifyRsaDigest(key, 'sha256', data, signature),
  },
  message: {
    p1: 0x03,
    ...MESSAGE,
    verify: (key, data, signature) => verifyRsa(key, 'sha256', data, signature),
  },
  'pss-digest': { p1: 0x04, ...DIGEST, verify: verifyPssDigest },
  'pss-message': { p1: 0x05, ...MESSAGE, verify: verifyPssMessage },
};

/** PKCS#1 v1.5 type 1 around the SHA-256 digest alone, without a DigestInfo. */
function verifyBareDigest(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  const digest = createHash('sha256').update(message).digest();
  try {
    return equalBytes(publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature), digest);
  } catch {
    // OpenSSL refused the padding: no signature by this key.
    return false;
  }
}

function verifyPssMessage(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(
    'sha256',
    message,
    { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    signature,
  );
}
