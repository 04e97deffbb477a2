import {
  type CardSession,
  type Pin,
  type PinChangeForm,
  PinOutcomeUnknownError,
  StatusWordError,
  Sw,
} from '@jpki/iso7816';
import { selectApplication } from '../hold.ts';
import { rereadTries, verifyPin } from '../pin-gate.ts';
import type { PinConsent } from '../pin-source.ts';
import type { PinReference } from '../secret-reference.ts';
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
  { application, location, forms }: Keeper,
  { reference, current, next }: PinPair,
  consent: PinConsent,
): Promise<void> {
  await selectApplication(session, application);
  await verifyPin(session, location, current.copy(), consent);
  try {
    await sendNew(session, location.pinEf, next, forms);
  } catch (error) {
    if (error instanceof StatusWordError) throw new PinChangeRefusedError(reference, error.sw, error);
    if (!(error instanceof PinOutcomeUnknownError)) throw error;
    const whereabouts = [{ application: application.name, pin: 'old-or-new' }] as const;
    throw new PinChangeUnknownError(reference, whereabouts, await rereadTries(session, location), error);
  }
}

/** Answers to a CHANGE after a right VERIFY that say: this card changes this PIN by another command. */
const NOT_THIS_COMMAND: ReadonlySet<number> = new Set([
  Sw.INS_NOT_SUPPORTED,
  Sw.CLA_NOT_SUPPORTED,
  Sw.SECURITY_STATUS_NOT_SATISFIED,
]);

/** Sends the new PIN in the first form that the card has. It spends no try in any, and a lost answer ends it. */
async function sendNew(
  session: CardSession,
  pinEf: number,
  next: Pin,
  [form, ...others]: readonly PinChangeForm[],
): Promise<void> {
  if (form === undefined) throw new TypeError('a PIN is changed by some command');
  try {
    await session.change(pinEf, next.copy(), form);
  } catch (error) {
    const isElsewhere = error instanceof StatusWordError && NOT_THIS_COMMAND.has(error.sw);
    if (!isElsewhere || others.length === 0) throw error;
    await sendNew(session, pinEf, next, others);
  }
}
