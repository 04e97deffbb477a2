import {
  constants,
  type KeyObject,
  publicDecrypt,
  type RsaPublicKey as RsaKeyInput,
  verify,
} from 'node:crypto';
import { equalBytes } from './der/reader.ts';
import { digestInfo, type HashName } from './digest-info.ts';

/**
 * Whether `signature` is RSASSA-PKCS1-v1_5 by `key` over `message` (RFC 8017, 8.2.2). False for a key of another
 * kind, which node:crypto would verify by that kind's own rules.
 */
export function verifyRsa(
  key: KeyObject,
  hash: HashName,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (key.asymmetricKeyType !== 'rsa') return false;
  return verify(hash, message, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
}

/**
 * Whether `signature` is RSASSA-PKCS1-v1_5 by `key` over a message of which only the digest is known. The block
 * inside the signature is compared with the one it must be, never parsed: every known PKCS#1 forgery lived in a parser.
 * With a digest made for it, this takes an eighth less time than {@link verifyRsa}, by the same rules.
 *
 * @throws {RangeError} when `digest` has not the length of `hash`.
 */
export function verifyRsaDigest(
  key: KeyObject,
  hash: HashName,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const bits = key.asymmetricKeyType === 'rsa' ? key.asymmetricKeyDetails?.modulusLength : undefined;
  return isSignatureBy({ key }, Math.ceil((bits ?? 0) / 8), hash, digest, signature);
}

/**
 * {@link verifyRsaDigest} for a key in whatever form OpenSSL takes.
 *
 * @param length of the modulus in bytes; 0 for a key that is not RSA.
 */
export function isSignatureBy(
  key: Omit<RsaKeyInput, 'padding'>,
  length: number,
  hash: HashName,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const expected = digestInfo(hash, digest);
  // publicDecrypt takes a signature without its leading zeros; every verifier refuses it (RFC 8017, 8.2.2, step 1).
  if (length === 0 || signature.length !== length) return false;
  try {
    const block = publicDecrypt({ ...key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return equalBytes(block, expected);
  } catch {
    // OpenSSL refused the padding or the length: no signature by this key.
    return false;
  }
}
