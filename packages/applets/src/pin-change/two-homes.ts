import type { CardSession } from '@jpki/iso7816';
import { selectApplication } from '../hold.ts';
import { assertTriesAllow, type PinConsent, readTriesLeft, rereadTries } from '../pin-gate.ts';
import { changeAt, type PinPair } from './change-at.ts';
import { PinChangeUnknownError, type PinWhereabouts } from './errors.ts';
import type { Keeper } from './keepers.ts';

interface TwoHomes {
  readonly first: Keeper;
  readonly second: Keeper;
}

interface Terms {
  readonly consent: PinConsent;
  /** Told when the PIN was changed in one home: from here on the work must be brought to an end. */
  readonly commit: () => void;
}

/**
 * Changes a PIN that two applications keep. The counter of the second is looked at before anything is sent, so that a
 * blocked one costs nothing. When the second change fails, the first is taken back.
 *
 * @throws what {@link changeAt} throws, both homes then having the old PIN; {@link PinChangeUnknownError} naming both when
 * they differ, or may.
 */
export async function changeBoth(
  session: CardSession,
  homes: TwoHomes,
  pins: PinPair,
  { consent, commit }: Terms,
): Promise<void> {
  const { first, second } = homes;
  const { allowLastTry } = consent;
  await selectApplication(session, second.application);
  assertTriesAllow(pins.reference, await readTriesLeft(session, second.location), { allowLastTry });
  try {
    await changeAt(session, first, pins, consent);
  } catch (error) {
    throw error instanceof PinChangeUnknownError ? naming(error, homes, ['old-or-new', 'old']) : error;
  }
  commit();
  try {
    await changeAt(session, second, pins, { allowLastTry });
  } catch (error) {
    // With the second in doubt, taking the first back could part them; the person is told instead.
    if (error instanceof PinChangeUnknownError) throw naming(error, homes, ['new', 'old-or-new']);
    await takeBack(session, homes, pins, error);
    throw error;
  }
}

/** Gives the first home its old PIN again, by the rules by which it got the new one. */
async function takeBack(session: CardSession, homes: TwoHomes, pins: PinPair, cause: unknown): Promise<void> {
  const { reference, current, next } = pins;
  try {
    await changeAt(session, homes.first, { reference, current: next, next: current }, {});
  } catch (error) {
    const first = error instanceof PinChangeUnknownError ? 'old-or-new' : 'new';
    const tries = await rereadTries(session, homes.first.location);
    throw unknown(homes, pins, [first, 'old'], tries, new AggregateError([cause, error]));
  }
}

type Whereabouts = readonly [first: PinWhereabouts['pin'], second: PinWhereabouts['pin']];

function naming(error: PinChangeUnknownError, homes: TwoHomes, pins: Whereabouts): PinChangeUnknownError {
  return unknown(homes, error, pins, error.triesLeft, error);
}

function unknown(
  { first, second }: TwoHomes,
  { reference }: Pick<PinPair, 'reference'>,
  [atFirst, atSecond]: Whereabouts,
  triesLeft: number | undefined,
  cause: unknown,
): PinChangeUnknownError {
  const whereabouts = [
    { application: first.application.name, pin: atFirst },
    { application: second.application.name, pin: atSecond },
  ];
  return new PinChangeUnknownError(reference, whereabouts, triesLeft, cause);
}
