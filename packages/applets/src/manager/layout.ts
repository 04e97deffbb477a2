/**
 * AID of the card manager (GlobalPlatform issuer security domain). Selecting it leaves the application and clears
 * its verified PINs: the only logout this card has besides power-off (card-protocol.md 1.2, 1.3).
 *
 * @provenance observed on one test card (myna-card 3.3.4)
 */
export const CARD_MANAGER_AID: Uint8Array = Uint8Array.of(0xa0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00);

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
