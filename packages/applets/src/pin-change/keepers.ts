import type { PinChangeForm } from '@jpki/iso7816';
import { COMMON_AP, COMMON_PIN } from '../common/layout.ts';
import type { ApplicationId } from '../hold.ts';
import { AUTH_KEY } from '../jpki/auth.ts';
import { JPKI_AP } from '../jpki/layout.ts';
import { SIGN_KEY } from '../jpki/sign.ts';
import type { PinLocation } from '../pin-gate.ts';
import type { PinReference } from '../pin-policy.ts';
import { RESIDENT_AP, RESIDENT_PIN } from '../resident/layout.ts';
import { TEXT_AP, TEXT_SECRETS } from '../text/layout.ts';

/** An application that keeps a PIN, and how it wants a new one (card-protocol.md 3.5). */
export interface Keeper {
  readonly application: ApplicationId;
  readonly location: PinLocation;
  readonly form: PinChangeForm;
}

/** Who keeps a PIN: one application, or two that must agree. */
export interface Keepers {
  readonly first: Keeper;
  readonly second?: Keeper;
}

/**
 * Who keeps each PIN. The 住民基本台帳用 one lives in two applications while a person knows one; the 住基AP comes first.
 *
 * @provenance oss: CHANGE REFERENCE DATA two sources, CHANGE KEY and the second home of that PIN one (myna-card 3.3.4)
 */
export const KEEPERS: Readonly<Record<PinReference, Keepers>> = {
  sign: { first: { application: JPKI_AP, location: SIGN_KEY, form: 'change-reference-data' } },
  auth: { first: { application: JPKI_AP, location: AUTH_KEY, form: 'change-reference-data' } },
  text: { first: { application: TEXT_AP, location: TEXT_SECRETS.pin, form: 'change-reference-data' } },
  resident: {
    first: { application: RESIDENT_AP, location: RESIDENT_PIN, form: 'change-key' },
    second: { application: COMMON_AP, location: COMMON_PIN, form: 'change-key' },
  },
};
