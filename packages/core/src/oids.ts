import { OidTable } from './der/oid-table.ts';
import type { HashName } from './digest-info.ts';

/** Dotted object identifiers, each with the document that assigns it. */
export const Oid = {
  /** RFC 5652, 4: id-data. */
  data: '1.2.840.113549.1.7.1',
  /** RFC 5652, 5.1: id-signedData. */
  signedData: '1.2.840.113549.1.7.2',
  /** RFC 5652, 11.1: id-contentType. */
  contentType: '1.2.840.113549.1.9.3',
  /** RFC 5652, 11.2: id-messageDigest. */
  messageDigest: '1.2.840.113549.1.9.4',
  /** RFC 5652, 11.3: id-signingTime. */
  signingTime: '1.2.840.113549.1.9.5',
  /** RFC 5035, 3: id-aa-signingCertificateV2. */
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  /** RFC 8017, A.1: rsaEncryption. */
  rsaEncryption: '1.2.840.113549.1.1.1',
  /** RFC 5280, 4.2.1.12: id-kp-clientAuth. */
  clientAuth: '1.3.6.1.5.5.7.3.2',
  /** 署名用 certificate policy, production (card-protocol.md 7.3). */
  jpkiSignPolicy: '1.2.392.200149.8.5.1.1.20',
  /** 署名用 certificate policy, J-LIS test environment (card-protocol.md 7.3). */
  jpkiSignTestPolicy: '1.2.392.200149.8.5.1.0.20',
  /** 利用者証明用 certificate policy, production (card-protocol.md 7.2). */
  jpkiAuthPolicy: '1.2.392.200149.8.5.1.3.30',
  /** 利用者証明用 certificate policy, J-LIS test environment (card-protocol.md 7.2). */
  jpkiAuthTestPolicy: '1.2.392.200149.8.5.1.0.30',
} as const;

/** Hash algorithms by object identifier (RFC 5754, 2; SHA-1: RFC 3370, 2.1). */
const HASH_OIDS: Readonly<Record<HashName, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

/** PKCS#1 v1.5 signature algorithms by object identifier (RFC 8017, A.2.4). */
const RSA_SIGNATURE_OIDS: Readonly<Record<HashName, string>> = {
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};

/** Hash algorithms of digest AlgorithmIdentifiers. */
export const DIGEST_ALGORITHMS: OidTable<HashName> = new OidTable(byOid(HASH_OIDS));

/** Hash algorithms of PKCS#1 v1.5 signature AlgorithmIdentifiers. */
export const RSA_SIGNATURE_ALGORITHMS: OidTable<HashName> = new OidTable(byOid(RSA_SIGNATURE_OIDS));

function* byOid(oids: Readonly<Record<HashName, string>>): Generator<readonly [string, HashName]> {
  for (const hash of ['sha256', 'sha384', 'sha512', 'sha1'] as const) yield [oids[hash], hash];
}

export function hashOid(hash: HashName): string {
  return HASH_OIDS[hash];
}

export function rsaSignatureOid(hash: HashName): string {
  return RSA_SIGNATURE_OIDS[hash];
}
