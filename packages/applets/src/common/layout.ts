import type { ApplicationId } from '../hold.ts';
import type { PinLocation } from '../pin-gate.ts';
import { RESIDENT_PIN_EF } from '../resident/layout.ts';

/**
 * The 共通カードAP (card-common application): card-protocol.md sections 2 and 6.
 *
 * @provenance oss: four independent sources; the record: three, and observed on a test card
 */
export const COMMON_AP: ApplicationId = {
  aid: Uint8Array.of(0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00),
  name: '共通カードAP',
};

/** EF of the card number record; record structured, free. */
export const CARD_NUMBER_EF = 0x0001;

/** EF of the private key that answers INTERNAL AUTHENTICATE; no PIN. @provenance observed, one source */
export const COMMON_KEY_EF = 0x0019;

/** Tag of the record, simple-TLV. */
export const CARD_NUMBER_TAG = 0x01;

/** Where the PIN lies that the person knows as 住民基本台帳用暗証番号: the card keeps it here a second time. */
export const COMMON_PIN: PinLocation = { reference: 'resident', aid: COMMON_AP.aid, pinEf: RESIDENT_PIN_EF };
