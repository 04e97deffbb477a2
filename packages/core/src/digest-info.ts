import { hash as hashOnce } from 'node:crypto';

/** Hash algorithms that the card and this library sign with (card-protocol.md 3.6). */
export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** DER of DigestInfo up to the digest (RFC 8017, 9.2, note 1), and the digest's length in bytes. */
const DIGEST_INFO: Readonly<Record<HashName, { readonly prefix: Uint8Array; readonly length: number }>> = {
  sha1: { prefix: Buffer.from('3021300906052b0e03021a05000414', 'hex'), length: 20 },
  sha256: { prefix: Buffer.from('3031300d060960864801650304020105000420', 'hex'), length: 32 },
  sha384: { prefix: Buffer.from('3041300d060960864801650304020205000430', 'hex'), length: 48 },
  sha512: { prefix: Buffer.from('3051300d060960864801650304020305000440', 'hex'), length: 64 },
};

/** Length of a digest in bytes. */
export function digestLength(hash: HashName): number {
  return DIGEST_INFO[hash].length;
}

/**
 * DigestInfo of RFC 8017: what the card pads and signs.
 *
 * @throws {RangeError} when `digest` has not the length of `hash`.
 */
export function digestInfo(hash: HashName, digest: Uint8Array): Uint8Array {
  const { prefix, length } = DIGEST_INFO[hash];
  if (digest.length !== length)
    throw new RangeError(`a ${hash} digest has ${length} bytes, not ${digest.length}`);
  const info = new Uint8Array(prefix.length + length);
  info.set(prefix);
  info.set(digest, prefix.length);
  return info;
}

/** The digest of bytes already in memory. */
export function digestOf(hash: HashName, bytes: Uint8Array): Uint8Array {
  return hashOnce(hash, bytes, 'buffer');
}
