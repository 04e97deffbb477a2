import type { Card, CardSession } from '@jpki/iso7816';
import { COMMON_AP, COMMON_PIN } from './common/layout.ts';
import { type ApplicationId, type CallOptions, isAbsent, selectApplication } from './hold.ts';
import { AUTH_KEY, SIGN_KEY } from './jpki/key-layout.ts';
import { JPKI_AP } from './jpki/layout.ts';
import { type PinLocation, readTriesLeft } from './pin-gate.ts';
import { RESIDENT_AP, RESIDENT_PIN } from './resident/layout.ts';
import { TEXT_AP, TEXT_SECRETS } from './text/layout.ts';
import { VISUAL_AP, VISUAL_SECRETS } from './visual/layout.ts';

/** Every counter of the card by its place: `text.number-a` is 照合番号A as the 券面事項入力補助AP keeps it. */
export type CounterName =
  | 'sign'
  | 'auth'
  | 'text'
  | 'text.number-a'
  | 'text.number-b'
  | 'visual.birth'
  | 'visual.number-a'
  | 'visual.number-b'
  | 'resident'
  | 'common';

interface Place {
  readonly application: ApplicationId;
  readonly location: PinLocation;
}

const PLACES: Readonly<Record<CounterName, Place>> = {
  auth: { application: JPKI_AP, location: AUTH_KEY },
  sign: { application: JPKI_AP, location: SIGN_KEY },
  text: { application: TEXT_AP, location: TEXT_SECRETS.pin },
  'text.number-a': { application: TEXT_AP, location: TEXT_SECRETS.numberA },
  'text.number-b': { application: TEXT_AP, location: TEXT_SECRETS.numberB },
  'visual.birth': { application: VISUAL_AP, location: VISUAL_SECRETS.birth },
  'visual.number-a': { application: VISUAL_AP, location: VISUAL_SECRETS.numberA },
  'visual.number-b': { application: VISUAL_AP, location: VISUAL_SECRETS.numberB },
  resident: { application: RESIDENT_AP, location: RESIDENT_PIN },
  common: { application: COMMON_AP, location: COMMON_PIN },
};

/** Tries left by counter, 0 for blocked; a counter that is not on this card is `undefined`. */
export type CardCounters<Name extends CounterName> = Readonly<Partial<Record<Name, number | undefined>>>;

/**
 * Reads counters, each application selected once: one command for it and two for each counter. Asks no PIN, spends none.
 *
 * @throws {ImplausibleCounterError} when the card tells a number that cannot be.
 */
export function readCounters<const Name extends CounterName>(
  card: Card,
  names: readonly Name[],
  { signal }: CallOptions = {},
): Promise<CardCounters<Name>> {
  const wanted = new Set<CounterName>(names);
  const order = (Object.keys(PLACES) as CounterName[]).filter((name) => wanted.has(name));
  return card.exclusive(
    async (session) => {
      const counters: Partial<Record<CounterName, number | undefined>> = {};
      let current: ApplicationId | undefined;
      let isThere = false;
      for (const name of order) {
        const { application, location } = PLACES[name];
        if (current !== application) isThere = await selectIfThere(session, application);
        current = application;
        counters[name] = isThere ? await readIfThere(session, location) : undefined;
      }
      return counters as CardCounters<Name>;
    },
    { signal },
  );
}

/** Selects an application; resolves with whether the card has it. */
async function selectIfThere(session: CardSession, application: ApplicationId): Promise<boolean> {
  try {
    await selectApplication(session, application);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Tries left of a PIN in the selected application, or `undefined` where that has no such PIN. */
async function readIfThere(session: CardSession, location: PinLocation): Promise<number | undefined> {
  try {
    return await readTriesLeft(session, location);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
