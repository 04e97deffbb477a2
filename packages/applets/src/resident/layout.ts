import type { ApplicationId } from '../hold.ts';
import type { PinLocation } from '../pin-gate.ts';

/**
 * The 住基AP (resident register application): card-protocol.md sections 2 and 6.
 *
 * @provenance oss: four independent sources; its three tries: one
 */
export const RESIDENT_AP: ApplicationId = {
  aid: Uint8Array.of(0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01),
  name: '住基AP',
};

/** EF of the 住民基本台帳用暗証番号, 4 digits, 3 tries; the 共通カードAP has it under the same number. */
export const RESIDENT_PIN_EF = 0x001c;

/** Where the PIN lies. */
export const RESIDENT_PIN: PinLocation = {
  reference: 'resident',
  aid: RESIDENT_AP.aid,
  pinEf: RESIDENT_PIN_EF,
};
