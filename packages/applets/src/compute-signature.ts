/**
 * COMPUTE DIGITAL SIGNATURE of this card, in every application that has a key: `80 2A P1 80`, not the ISO one
 * (card-protocol.md 3.6).
 *
 * @provenance oss: nine independent clients for P1 00, three for P2 80, two to three for P2 00
 */
export const ComputeSignature = {
  CLA: 0x80,
  INS: 0x2a,
  /** P1 00: PKCS#1 v1.5 type 1 padding around the data as it is given, normally a DigestInfo. */
  P1_DIGEST_INFO: 0x00,
  /** P2 80: with the key in the selected EF. */
  P2_CURRENT_EF: 0x80,
  /** P2 00: with the default key of the application, as the 券面 applications have one. */
  P2_DEFAULT_KEY: 0x00,
} as const;

/** Length of a signature, bytes: RSA-2048 (card-protocol.md 3.6). */
export const SIGNATURE_LENGTH = 256;
