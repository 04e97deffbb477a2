import { OidTable } from '../der/oid-table.ts';
import type { DerReader } from '../der/reader.ts';
import { NULL, objectIdentifier, sequence } from '../der/writer.ts';
import type { HashName } from '../digest-info.ts';
import { DIGEST_ALGORITHMS, hashOid, Oid, rsaSignatureOid } from '../oids.ts';
import { readAlgorithm } from '../x509/algorithm.ts';

/** What the signature algorithms of PKCS#1 v1.5 say of the hash; rsaEncryption leaves it to the digest algorithm. */
const RSA_SIGNATURES = new OidTable<HashName | 'any'>([
  [Oid.rsaEncryption, 'any'],
  [rsaSignatureOid('sha256'), 'sha256'],
  [rsaSignatureOid('sha384'), 'sha384'],
  [rsaSignatureOid('sha512'), 'sha512'],
  [rsaSignatureOid('sha1'), 'sha1'],
]);

/** AlgorithmIdentifier of a hash; parameters absent, as RFC 5754, 2 asks. */
export const DIGEST_ALGORITHM: Readonly<Record<HashName, Uint8Array>> = {
  sha1: sequence(objectIdentifier(hashOid('sha1'))),
  sha256: sequence(objectIdentifier(hashOid('sha256'))),
  sha384: sequence(objectIdentifier(hashOid('sha384'))),
  sha512: sequence(objectIdentifier(hashOid('sha512'))),
};

/** AlgorithmIdentifier rsaEncryption with NULL, the one every CMS verifier knows for PKCS#1 v1.5 (RFC 3370, 3.2). */
export const RSA_SIGNATURE_ALGORITHM: Uint8Array = sequence(objectIdentifier(Oid.rsaEncryption), NULL);

/** Reads a digest AlgorithmIdentifier; `undefined` for a hash that is not SHA-1 or SHA-2. */
export function readDigestAlgorithm(reader: DerReader): HashName | undefined {
  return readAlgorithm(reader, DIGEST_ALGORITHMS);
}

/**
 * Reads a signature AlgorithmIdentifier and tells whether it is PKCS#1 v1.5 with `hash`: rsaEncryption, or the
 * combined identifier with the same hash.
 */
export function isRsaSignature(reader: DerReader, hash: HashName | undefined): boolean {
  const signed = readAlgorithm(reader, RSA_SIGNATURES);
  return signed === 'any' || (hash !== undefined && signed === hash);
}
