import { constants, createHash, type KeyObject, privateEncrypt, randomBytes } from 'node:crypto';
import { digestInfo } from '@jpki/core';

/** Modulus of every key on the card: RSA-2048, 256 bytes (card-protocol.md 7). */
const MODULUS_LENGTH = 256;

/** Length of the salt and of SHA-256 in bytes (card-protocol.md 3.6, P1 = 04). */
const HASH_LENGTH = 32;

/** PKCS#1 v1.5, type 1, around `block` as it is (RFC 8017, 9.2, steps 3 to 5). */
export function signBlock(key: KeyObject, block: Uint8Array): Uint8Array {
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, block);
}

/** RSASSA-PKCS1-v1_5 over a SHA-256 digest. */
export function signDigest(key: KeyObject, digest: Uint8Array): Uint8Array {
  return signBlock(key, digestInfo('sha256', digest));
}

/**
 * RSASSA-PSS with SHA-256, MGF1-SHA-256 and a random salt of 32 bytes, over a digest. Padded by hand, since
 * node:crypto hashes what it signs with PSS (RFC 8017, 9.1.1).
 */
export function signPss(key: KeyObject, digest: Uint8Array): Uint8Array {
  const salt = randomBytes(HASH_LENGTH);
  const hash = sha256(Buffer.alloc(8), digest, salt);
  const dataBlock = Buffer.alloc(MODULUS_LENGTH - HASH_LENGTH - 1);
  salt.copy(dataBlock, dataBlock.length - salt.length);
  dataBlock[dataBlock.length - salt.length - 1] = 0x01;
  const mask = maskOf(hash, dataBlock.length);
  for (const [index, byte] of mask.entries()) dataBlock[index] = (dataBlock[index] ?? 0) ^ byte;
  // The modulus has 2,048 bits and the block 2,047: the top bit is cleared.
  dataBlock[0] = (dataBlock[0] ?? 0) & 0x7f;
  const block = Buffer.concat([dataBlock, hash, Uint8Array.of(0xbc)]);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
}

/** MGF1 with SHA-256 (RFC 8017, B.2.1). */
function maskOf(seed: Uint8Array, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let counter = 0; counter * HASH_LENGTH < length; counter++) {
    const octets = Buffer.alloc(4);
    octets.writeUInt32BE(counter);
    parts.push(sha256(seed, octets));
  }
  return Buffer.concat(parts).subarray(0, length);
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
