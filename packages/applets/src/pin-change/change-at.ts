import { type CardSession, type Pin, PinOutcomeUnknownError, StatusWordError } from '@jpki/iso7816';
import { selectApplication } from '../hold.ts';
import { type PinConsent, rereadTries, verifyPin } from '../pin-gate.ts';
import type { PinReference } from '../pin-policy.ts';
import { PinChangeRefusedError, PinChangeUnknownError } from './errors.ts';
import type { Keeper } from './keepers.ts';

/** The PIN as it is and as it shall be. Both are left as they are: what is sent are copies. */
export interface PinPair {
  readonly reference: PinReference;
  readonly current: Pin;
  readonly next: Pin;
}

/**
 * Changes the PIN in one application: SELECT, counter, VERIFY of the old one, CHANGE, and no command in between.
 *
 * @throws the errors of `verifyPin`; {@link PinChangeRefusedError}; {@link PinChangeUnknownError} when the answer to the
 * CHANGE was lost.
 */
export async function changeAt(
  session: CardSession,
  { application, location, form }: Keeper,
  { reference, current, next }: PinPair,
  consent: PinConsent,
): Promise<void> {
  await selectApplication(session, application);
  await verifyPin(session, location, current.copy(), consent);
  try {
    await session.change(location.pinEf, next.copy(), form);
  } catch (error) {
    if (error instanceof StatusWordError) throw new PinChangeRefusedError(reference, error.sw, error);
    if (!(error instanceof PinOutcomeUnknownError)) throw error;
    const whereabouts = [{ application: application.name, pin: 'old-or-new' }] as const;
    throw new PinChangeUnknownError(reference, whereabouts, await rereadTries(session, location), error);
  }
}
