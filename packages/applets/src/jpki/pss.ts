import { constants, createHash, type KeyObject, publicDecrypt } from 'node:crypto';
import { equalBytes } from '@jpki/core/der';

/** SHA-256 as hash and in MGF1, and a salt of the same length (card-protocol.md 3.6, P1 04 and 05). */
const HASH_LENGTH = 32;

/** Last byte of an encoded message (RFC 8017, 9.1.1). */
const TRAILER = 0xbc;

/**
 * Whether `signature` is RSASSA-PSS by `key` over a message of which only the SHA-256 digest is known, with a salt of 32
 * bytes (RFC 8017, 9.1.2). node:crypto verifies messages, and the card was given a digest.
 */
export function verifyPssDigest(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const bits = key.asymmetricKeyType === 'rsa' ? key.asymmetricKeyDetails?.modulusLength : undefined;
  if (bits === undefined || bits % 8 !== 0 || signature.length !== bits / 8) return false;
  const encoded = recovered(key, signature);
  if (encoded?.at(-1) !== TRAILER || digest.length !== HASH_LENGTH) return false;
  const hash = encoded.subarray(-1 - HASH_LENGTH, -1);
  const masked = encoded.subarray(0, -1 - HASH_LENGTH);
  const block = xor(masked, maskOf(hash, masked.length));
  // The encoded message has one bit less than the modulus, so the first bit is zero before and after the mask.
  if (((masked[0] ?? 0) & 0x80) !== 0) return false;
  block[0] = (block[0] ?? 0) & 0x7f;
  const salt = block.subarray(-HASH_LENGTH);
  const padding = block.subarray(0, -HASH_LENGTH);
  const isPadding = padding.at(-1) === 1 && padding.subarray(0, -1).every((byte) => byte === 0);
  return isPadding && equalBytes(hash, sha256(Buffer.alloc(8), digest, salt));
}

function recovered(key: KeyObject, signature: Uint8Array): Uint8Array | undefined {
  try {
    return publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    // A number above the modulus: no signature by this key.
    return undefined;
  }
}

/** MGF1 (RFC 8017, B.2.1). */
function maskOf(seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let counter = 0; counter * HASH_LENGTH < length; counter++)
    blocks.push(sha256(seed, Uint8Array.of(0, 0, counter >> 8, counter & 0xff)));
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(bytes: Uint8Array, mask: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => byte ^ (mask[index] ?? 0));
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
