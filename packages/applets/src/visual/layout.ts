import type { ApplicationId } from '../hold.ts';
import type { PinLocation } from '../pin-gate.ts';

/**
 * The 券面事項確認AP (card-surface confirmation application) as data: card-protocol.md sections 2 and 5.
 *
 * @provenance oss: two to six independent clients agree; signatures observed on a test card
 */
export const VISUAL_AP: ApplicationId = {
  aid: Uint8Array.of(0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02),
  name: '券面事項確認AP',
};

/** Elementary files of the application. */
export const VisualEf = {
  /** Birth date with the card's key, signed; 生年月日 key only. */
  AGE: 0x0001,
  /** The printed face; A or B. */
  FACE: 0x0002,
  /** What the application says of itself, unsigned; free. */
  BASIC_INFORMATION: 0x0003,
  /** CV certificate of the key that signed the records; free. */
  CV_CERTIFICATE: 0x0004,
  /** Image of the 個人番号; A only. */
  NUMBER_IMAGE: 0x0005,
  /** 生年月日, 6 digits, era year first; 10 tries. */
  BIRTH: 0x0011,
  /** 照合番号B; 10 tries. */
  NUMBER_B: 0x0012,
  /** 照合番号A; 10 tries. */
  NUMBER_A: 0x0013,
  /** Private key that answers challenges; no PIN. @provenance oss, 2 */
  SIGNING_KEY: 0x001a,
} as const;

/** Tags of the records (card-protocol.md 5). @provenance observed on a test card; oss, 2 to 4 */
export const VisualTag = {
  AGE: 0xff10,
  AGE_BIRTH_DATE: 0xdf11,
  AGE_CARD_KEY: 0xdf12,
  AGE_SIGNATURE: 0xdf13,
  FACE: 0xff20,
  OFFSETS: 0xdf21,
  BIRTH_DATE: 0xdf22,
  SEX: 0xdf23,
  CARD_KEY: 0xdf24,
  NAME: 0xdf25,
  ADDRESS: 0xdf26,
  PHOTO: 0xdf27,
  SIGNATURE: 0xdf28,
  EXPIRY: 0xdf29,
  SECURITY_CODE: 0xdf2a,
  BASIC_INFORMATION: 0xff30,
  IDENTIFICATION: 0xdf31,
  KEY_ID: 0xdf32,
  VERSION: 0xdf33,
  MUNICIPALITY: 0xdf34,
  OPAQUE: 0xdf35,
  NUMBER_IMAGE: 0xff40,
  NUMBER: 0xdf41,
  NUMBER_CARD_KEY: 0xdf42,
  NUMBER_SIGNATURE: 0xdf43,
} as const;

const at = (reference: PinLocation['reference'], pinEf: number): PinLocation => ({
  reference,
  aid: VISUAL_AP.aid,
  pinEf,
});

/** Where the secrets of this application lie. */
export const VISUAL_SECRETS: Readonly<Record<'birth' | 'numberA' | 'numberB', PinLocation>> = {
  birth: at('birth', VisualEf.BIRTH),
  numberA: at('number-a', VisualEf.NUMBER_A),
  numberB: at('number-b', VisualEf.NUMBER_B),
};
