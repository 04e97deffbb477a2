/**
 * The JPKI application (公的個人認証AP) as data: application and file identifiers, card-protocol.md sections 2 and 3.1.
 *
 * @provenance oss: nine or more independent clients that work on real cards agree, unless a line says otherwise
 */

import type { ApplicationId } from '../hold.ts';

/** AID of the JPKI application (公的個人認証AP). */
export const JPKI_AID: Uint8Array = Uint8Array.of(0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01);

/** The application by AID and official name. */
export const JPKI_AP: ApplicationId = { aid: JPKI_AID, name: '公的個人認証AP' };

/** Elementary files of the JPKI application. */
export const JpkiEf = {
  /** 署名用電子証明書, DER; readable after the 署名用パスワード. */
  SIGN_CERTIFICATE: 0x0001,
  /** 署名用 CA certificate, DER; free. */
  SIGN_CA: 0x0002,
  /** Token information, 160 bytes, a PKCS#11 CK_TOKEN_INFO; free. */
  TOKEN: 0x0006,
  /** Which certificates exist, 3 bytes; free. @provenance observed, two sources */
  AVAILABILITY: 0x0008,
  /** 利用者証明用電子証明書, DER; free on the plastic card, behind the PIN on Android phones. */
  AUTH_CERTIFICATE: 0x000a,
  /** 利用者証明用 CA certificate, DER; free. */
  AUTH_CA: 0x000b,
  /** 利用者証明用 private key. */
  AUTH_KEY: 0x0017,
  /** 利用者証明用暗証番号, 4 digits, 3 tries. */
  AUTH_PIN: 0x0018,
  /** 署名用 private key. */
  SIGN_KEY: 0x001a,
  /** 署名用パスワード, 6 to 16 letters and digits, 5 tries. */
  SIGN_PIN: 0x001b,
} as const;

/** Length of EF 0008 in bytes: byte 0 speaks of the 署名用, byte 1 of the 利用者証明用 certificate (card-protocol.md 3.1). */
export const AVAILABILITY_LENGTH = 3;

/** Value of an availability byte for a certificate that exists. @provenance observed, one source */
export const AVAILABLE = 0x8f;

/** Length of the label at the start of EF 0006, bytes (card-protocol.md 2.1). */
export const TOKEN_LABEL_LENGTH = 32;

/** Length of EF 0006 in bytes (card-protocol.md 2.1). */
export const TOKEN_LENGTH = 160;

/** Where the serial number lies in EF 0006: offset of its first byte, and after its last (card-protocol.md 2.1). */
export const TOKEN_SERIAL = { start: 80, end: 96 } as const;
