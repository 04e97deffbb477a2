import type { DerReader } from '../der/reader.ts';
import { NULL, objectIdentifier, sequence } from '../der/writer.ts';
import type { HashName } from '../digest-info.ts';
import { HASH_BY_OID, hashOid, Oid, oidContents, oidKey, RSA_HASH_BY_OID } from '../oids.ts';
import { readAlgorithm } from '../x509/algorithm.ts';

const RSA_ENCRYPTION = oidKey(oidContents(Oid.rsaEncryption));

/** AlgorithmIdentifier of a SHA-2 hash; parameters absent, as RFC 5754, 2 asks. */
export function digestAlgorithm(hash: HashName): Uint8Array {
  return sequence(objectIdentifier(hashOid(hash)));
}

/** AlgorithmIdentifier rsaEncryption with NULL, the one every CMS verifier knows for PKCS#1 v1.5 (RFC 3370, 3.2). */
export const RSA_SIGNATURE_ALGORITHM: Uint8Array = sequence(objectIdentifier(Oid.rsaEncryption), NULL);

/** Reads a digest AlgorithmIdentifier; `undefined` for a hash that is not SHA-1 or SHA-2. */
export function readDigestAlgorithm(reader: DerReader): HashName | undefined {
  return HASH_BY_OID.get(readAlgorithm(reader) ?? '');
}

/**
 * Reads a signature AlgorithmIdentifier and tells whether it is PKCS#1 v1.5 with `hash`: rsaEncryption, or the
 * combined identifier with the same hash.
 */
export function isRsaSignature(reader: DerReader, hash: HashName | undefined): boolean {
  const key = readAlgorithm(reader) ?? '';
  return key === RSA_ENCRYPTION || (hash !== undefined && RSA_HASH_BY_OID.get(key) === hash);
}
