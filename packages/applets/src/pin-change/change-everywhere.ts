import { type CardSession, StatusWordError } from '@jpki/iso7816';
import { CARD_MANAGER_AID } from '../lock.ts';
import { rereadTries } from '../pin-gate.ts';
import type { PinConsent } from '../pin-source.ts';
import { changeAt, type PinPair } from './change-at.ts';
import { PinChangeUnknownError, type PinWhereabouts } from './errors.ts';
import type { Home } from './homes.ts';

interface Terms {
  readonly consent: PinConsent;
  /** Told when the PIN was changed in one home: from here on the work must be brought to an end. */
  readonly commit: () => void;
}

/**
 * Changes a PIN in one home after the other. When a later change fails, the earlier ones are taken back.
 *
 * @throws what {@link changeAt} throws, every home then having the old PIN; {@link PinChangeUnknownError} naming all of
 * them when they differ, or may.
 */
export async function changeEverywhere(
  session: CardSession,
  homes: readonly Home[],
  pins: PinPair,
  { consent, commit }: Terms,
): Promise<void> {
  const { allowLastTry } = consent;
  for (const [index, { keeper }] of homes.entries()) {
    try {
      await leaveApplication(session);
      await changeAt(session, keeper, pins, index === 0 ? consent : { allowLastTry });
      commit();
    } catch (error) {
      // With this one in doubt, taking the others back could part them; the person is told instead.
      if (error instanceof PinChangeUnknownError)
        throw unknown(homes, pins, whereabouts(homes, index, 'old-or-new'), error.triesLeft, error);
      if (index > 0) await takeBack(session, homes.slice(0, index), homes, { pins, cause: error });
      throw error;
    }
  }
}

/** Gives homes their old PIN again, by the rules by which they got the new one. */
async function takeBack(
  session: CardSession,
  changed: readonly Home[],
  homes: readonly Home[],
  { pins, cause }: { readonly pins: PinPair; readonly cause: unknown },
): Promise<void> {
  const { reference, current, next } = pins;
  for (const [index, { keeper }] of changed.entries()) {
    try {
      await leaveApplication(session);
      await changeAt(session, keeper, { reference, current: next, next: current }, {});
    } catch (error) {
      const where: PinWhereabouts['pin'] = error instanceof PinChangeUnknownError ? 'old-or-new' : 'new';
      const told = homes.map((_, at) =>
        at === index ? where : at > index && at < changed.length ? 'new' : 'old',
      );
      const tries = await rereadTries(session, keeper.location);
      throw unknown(homes, pins, told, tries, new AggregateError([cause, error]));
    }
  }
}

/**
 * Both homes have their PIN under the same identifier: were the SELECT of one lost on its way, the PIN would meet the
 * other. With no application selected it meets none.
 */
async function leaveApplication(session: CardSession): Promise<void> {
  try {
    await session.selectDf(CARD_MANAGER_AID);
  } catch (error) {
    // By one source alone it can be selected; the lock at the end has the same doubt.
    if (!(error instanceof StatusWordError)) throw error;
  }
}

/** New before the home in question, old after it. */
function whereabouts(
  homes: readonly Home[],
  index: number,
  there: PinWhereabouts['pin'],
): readonly PinWhereabouts['pin'][] {
  return homes.map((_, at) => (at === index ? there : at < index ? 'new' : 'old'));
}

function unknown(
  homes: readonly Home[],
  { reference }: PinPair,
  pins: readonly PinWhereabouts['pin'][],
  triesLeft: number | undefined,
  cause: unknown,
): PinChangeUnknownError {
  const told = homes.map(({ keeper }, at) => ({
    application: keeper.application.name,
    pin: pins[at] ?? 'old-or-new',
  }));
  return new PinChangeUnknownError(reference, told, triesLeft, cause);
}
