import type { HashName } from './digest-info.ts';

/**
 * Whoever holds a private key: the card's signing or authentication key, or a software key in tests. It is the
 * joint between card and document. A signer sees a digest and nothing else, so every format is built in two
 * phases: prepare what is to be signed, embed the signature that comes back, here and now or elsewhere and later.
 */
export interface Signer {
  /** The signer's certificate, DER. */
  readonly certificate: Uint8Array;
  /** Certificates of its issuers that should travel with the signature, DER; may be empty. */
  readonly chain: readonly Uint8Array[];
  /** Length of every signature in bytes: 256 for RSA-2048. Known before a PIN is asked. */
  readonly signatureLength: number;
  /**
   * RSASSA-PKCS1-v1_5 over the DigestInfo of `digest` (RFC 8017, 8.2).
   *
   * @throws {RangeError} when the digest has not the length of `hash`; whatever the key's owner throws.
   */
  sign(hash: HashName, digest: Uint8Array): Promise<Uint8Array>;
}
