/**
 * Data objects of the card manager, by their tag for GET DATA (card-protocol.md 1.4).
 *
 * @provenance observed on test cards by one source; 00F0, 00F2: two sources
 */
export const ManagerTag = {
  /** Issuer identification number, a 16-byte key id. */
  ISSUER: 0x0042,
  /** Card identification number, ASCII. */
  CARD_NUMBER: 0x0045,
  /** GlobalPlatform card recognition data. */
  RECOGNITION: 0x0066,
  /** 市区町村コード, 5 digits. */
  MUNICIPALITY: 0x00f0,
  /** 有効期限, 8 digits. */
  EXPIRY: 0x00f2,
  /** Key id of the intermediate key that signs 7F21. */
  INTERMEDIATE: 0x00f7,
  /** CV certificate, CA to intermediate key. */
  UPPER: 0x00f8,
  /** ATR of the contact side without its first byte. */
  CONTACT_ATR: 0x5f51,
  /** CV certificate, intermediate key to the next. */
  LOWER: 0x7f21,
} as const;
