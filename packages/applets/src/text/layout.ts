import type { ApplicationId } from '../hold.ts';
import type { PinLocation } from '../pin-gate.ts';

/**
 * The 券面事項入力補助AP (card-surface input-support application) as data: card-protocol.md sections 2 and 4.1.
 *
 * @provenance oss: three to nine independent clients agree on identifiers; who opens what: two
 */
export const TEXT_AP: ApplicationId = {
  aid: Uint8Array.of(0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08),
  name: '券面事項入力補助AP',
};

/** Elementary files of the application. */
export const TextEf = {
  /** 個人番号; PIN or 照合番号A. */
  MY_NUMBER: 0x0001,
  /** 基本4情報; PIN or 照合番号B. */
  ATTRIBUTES: 0x0002,
  /** Signed digests of the two files above; PIN, A or B. */
  INTEGRITY: 0x0003,
  /** CV certificate of the key that signed 0003 and 0007; free. */
  CV_CERTIFICATE: 0x0004,
  /** What the application says of itself, unsigned; free. */
  BASIC_INFORMATION: 0x0005,
  /** RSA key for secure messaging, unsigned; PIN, A or B. */
  SESSION_KEY: 0x0006,
  /** Public half of the default key, signed; PIN, A or B. */
  CARD_KEY: 0x0007,
  /** 券面事項入力補助用暗証番号, 4 digits, 3 tries. */
  PIN: 0x0011,
  /** Private key that answers challenges; no PIN. @provenance oss, 3 */
  SIGNING_KEY: 0x0013,
  /** 照合番号A: the 個人番号 itself, 12 digits, 10 tries. */
  NUMBER_A: 0x0014,
  /** 照合番号B, 14 digits, 10 tries. */
  NUMBER_B: 0x0015,
} as const;

/** Tags of the records (card-protocol.md 4.1 to 4.3). @provenance observed on a test card; oss, 2 to 3 */
export const TextTag = {
  MY_NUMBER: 0xff10,
  ATTRIBUTES: 0xff20,
  OFFSETS: 0xdf21,
  NAME: 0xdf22,
  ADDRESS: 0xdf23,
  BIRTH_DATE: 0xdf24,
  SEX: 0xdf25,
  INTEGRITY: 0xff30,
  MY_NUMBER_DIGEST: 0xdf31,
  ATTRIBUTES_DIGEST: 0xdf32,
  INTEGRITY_SIGNATURE: 0xdf33,
  BASIC_INFORMATION: 0xff40,
  IDENTIFICATION: 0xdf41,
  KEY_ID: 0xdf42,
  OPAQUE: 0xdf43,
  CARD_KEY_RECORD: 0xff50,
  CARD_KEY: 0xdf51,
  CARD_KEY_SIGNATURE: 0xdf52,
  SESSION_KEY: 0xa1,
} as const;

const at = (reference: PinLocation['reference'], pinEf: number): PinLocation => ({
  reference,
  aid: TEXT_AP.aid,
  pinEf,
});

/** Where the secrets of this application lie. */
export const TEXT_SECRETS: Readonly<Record<'pin' | 'numberA' | 'numberB', PinLocation>> = {
  pin: at('text', TextEf.PIN),
  numberA: at('number-a', TextEf.NUMBER_A),
  numberB: at('number-b', TextEf.NUMBER_B),
};
