import type { CardSession } from '@jpki/iso7816';
import { ApplicationNotFoundError } from '../errors.ts';
import { isAbsent, selectApplication } from '../hold.ts';
import { readTriesLeft } from '../pin-gate.ts';
import type { PinReference } from '../secret-reference.ts';
import { KEEPERS, type Keeper } from './keepers.ts';

/** An application of this card that keeps the PIN, and the tries it has left there. */
export interface Home {
  readonly keeper: Keeper;
  readonly triesLeft: number;
}

/**
 * The applications of this card that keep a PIN, in the order in which it is changed. Sources differ about who keeps the
 * 住民基本台帳用 one (card-protocol.md 11, no. 7), so the card is asked.
 *
 * @throws {ApplicationNotFoundError} when none does.
 */
export async function findHomes(session: CardSession, reference: PinReference): Promise<Home[]> {
  const homes: Home[] = [];
  let absent: unknown;
  for (const keeper of KEEPERS[reference]) {
    try {
      await selectApplication(session, keeper.application);
      homes.push({ keeper, triesLeft: await readTriesLeft(session, keeper.location) });
    } catch (error) {
      if (!isAbsent(error)) throw error;
      absent = error;
    }
  }
  if (homes.length === 0)
    throw absent instanceof ApplicationNotFoundError ? absent : noSuchPin(reference, absent);
  return homes;
}

function noSuchPin(reference: PinReference, cause: unknown): ApplicationNotFoundError {
  const [first] = KEEPERS[reference];
  return new ApplicationNotFoundError(cause, first?.application.name);
}
