import { constants, type KeyObject, publicDecrypt, verify } from 'node:crypto';
import { equalBytes } from './der/reader.ts';
import { digestInfo, type HashName } from './digest-info.ts';

/** Whether `signature` is RSASSA-PKCS1-v1_5 by `key` over `message` (RFC 8017, 8.2.2). */
export function verifyRsa(
  key: KeyObject,
  hash: HashName,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  return verify(hash, message, key, signature);
}

/**
 * Whether `signature` is RSASSA-PKCS1-v1_5 by `key` over a message of which only the digest is known. The block
 * inside the signature is compared with the one it must be, never parsed: every known PKCS#1 forgery lived in a parser.
 *
 * @throws {RangeError} when `digest` has not the length of `hash`.
 */
export function verifyRsaDigest(
  key: KeyObject,
  hash: HashName,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const expected = digestInfo(hash, digest);
  try {
    return equalBytes(publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature), expected);
  } catch {
    // OpenSSL refused the padding or the length: no signature by this key.
    return false;
  }
}
