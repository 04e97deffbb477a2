import type { PinChangeForm } from '@jpki/iso7816';
import { COMMON_AP, COMMON_PIN } from '../common/layout.ts';
import type { ApplicationId } from '../hold.ts';
import { AUTH_KEY, SIGN_KEY } from '../jpki/key-layout.ts';
import { JPKI_AP } from '../jpki/layout.ts';
import type { PinLocation } from '../pin-gate.ts';
import { RESIDENT_AP, RESIDENT_PIN } from '../resident/layout.ts';
import type { PinReference } from '../secret-reference.ts';
import { TEXT_AP, TEXT_SECRETS } from '../text/layout.ts';

/** An application that keeps a PIN, and how it wants a new one (card-protocol.md 3.5). */
export interface Keeper {
  readonly application: ApplicationId;
  readonly location: PinLocation;
  /** The command that changes it; after it, one that is tried where the card says that it has no such command. */
  readonly forms: readonly PinChangeForm[];
}

const CHANGE: readonly PinChangeForm[] = ['change-reference-data'];

/** Told by one source, so the other form is kept at hand. */
const CHANGE_KEY_FIRST: readonly PinChangeForm[] = ['change-key', 'change-reference-data'];

/**
 * Who keeps each PIN. The 住民基本台帳用 one lives in two applications while a person knows one; the 住基AP comes first.
 *
 * @provenance oss: CHANGE REFERENCE DATA two sources, CHANGE KEY and the second home of that PIN one (myna-card 3.3.4)
 */
export const KEEPERS: Readonly<Record<PinReference, readonly Keeper[]>> = {
  sign: [{ application: JPKI_AP, location: SIGN_KEY, forms: CHANGE }],
  auth: [{ application: JPKI_AP, location: AUTH_KEY, forms: CHANGE }],
  text: [{ application: TEXT_AP, location: TEXT_SECRETS.pin, forms: CHANGE }],
  resident: [
    { application: RESIDENT_AP, location: RESIDENT_PIN, forms: CHANGE_KEY_FIRST },
    { application: COMMON_AP, location: COMMON_PIN, forms: CHANGE_KEY_FIRST },
  ],
};
