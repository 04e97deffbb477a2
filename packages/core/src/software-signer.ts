import { constants, type KeyObject, privateEncrypt } from 'node:crypto';
import { digestInfo } from './digest-info.ts';
import type { Signer } from './signer.ts';

/** A private key in this process, and its certificates. */
export interface SoftwareKey {
  /** RSA private key. */
  readonly privateKey: KeyObject;
  /** Its certificate, DER. */
  readonly certificate: Uint8Array;
  /** Certificates of its issuers, DER. */
  readonly chain?: readonly Uint8Array[];
}

/** A signer whose key lies in this process: for tests, benches and the virtual card, never for a person's key. */
export function softwareSigner({ privateKey, certificate, chain = [] }: SoftwareKey): Signer {
  const bits = privateKey.asymmetricKeyDetails?.modulusLength;
  if (bits === undefined || privateKey.asymmetricKeyType !== 'rsa' || privateKey.type !== 'private')
    throw new TypeError('a software signer needs an RSA private key');
  return {
    certificate,
    chain,
    signatureLength: Math.ceil(bits / 8),
    sign: async (hash, digest) =>
      privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, digestInfo(hash, digest)),
  };
}
