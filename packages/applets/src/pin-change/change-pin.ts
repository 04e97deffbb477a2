import { type Card, type CardSession, Pin } from '@jpki/iso7816';
import { lockedAfter } from '../lock.ts';
import { assertTriesAllow } from '../pin-gate.ts';
import { normalizeNewPin } from '../pin-policy.ts';
import { obtainPin, type PinSource, type UnlockOptions, warnLockFailed } from '../pin-source.ts';
import type { PinReference } from '../secret-reference.ts';
import { changeAt, type PinPair } from './change-at.ts';
import { changeEverywhere } from './change-everywhere.ts';
import { findHomes } from './homes.ts';
import { KEEPERS } from './keepers.ts';

/** A new PIN, or whom to ask for it once the old one was given. The card is not held meanwhile. */
export type NewPinSource = Pin | (() => Promise<Pin>);

/** Which PIN is changed, and to what. */
export interface ChangePinOptions extends UnlockOptions {
  readonly reference: PinReference;
  /** The PIN as it is. It goes through every check that a PIN for use goes through. */
  readonly current: PinSource;
  /** The new one. People type it twice; this function sees one. */
  readonly next: NewPinSource;
}

/**
 * Changes one of the four PINs and leaves the card locked. Both PINs are checked before anything is sent, the old one
 * is verified once in each application that keeps it, and nothing is ever sent again by itself.
 *
 * @throws {PinFormatError} for either PIN, nothing sent; the errors of the old PIN ({@link PinIncorrectError},
 * {@link PinBlockedError}, {@link LastTryError}, {@link PinOutcomeUnknownError} and others): the old one is valid;
 * {@link PinChangeRefusedError}: likewise; {@link PinChangeUnknownError}: old or new; {@link ApplicationNotFoundError};
 * `signal.reason` while nothing was changed.
 */
export async function changePin(card: Card, options: ChangePinOptions): Promise<void> {
  const { reference, current, next } = options;
  const toWipe: Pin[] = [current, next].filter((source) => source instanceof Pin);
  try {
    if (next instanceof Pin) normalizeNewPin(reference, next);
    const { pin, shown } = await obtainPin(reference, current, options, () =>
      readAllowedTries(card, options),
    );
    toWipe.push(pin);
    const newPin = next instanceof Pin ? next : await next();
    toWipe.push(newPin);
    normalizeNewPin(reference, newPin);
    await changeOnCard(card, { reference, current: pin, next: newPin, shown }, options);
  } finally {
    for (const pin of toWipe) pin[Symbol.dispose]();
  }
}

/** What the person is shown: the counter of the first home, after every home was found to allow it. */
function readAllowedTries(card: Card, options: ChangePinOptions): Promise<number> {
  const { reference, signal } = options;
  return card.exclusive(
    async (session) => {
      const homes = await findHomes(session, reference);
      for (const { triesLeft } of homes) assertTriesAllow(reference, triesLeft, options);
      return homes[0]?.triesLeft ?? 0;
    },
    { signal },
  );
}

/**
 * One hold of the card. Once the first of two homes has the new PIN, the caller's signal is not heard any more: the two
 * must agree in the end.
 */
async function changeOnCard(
  card: Card,
  pins: PinPair & { readonly shown: number | undefined },
  options: ChangePinOptions,
): Promise<void> {
  const { onLockFailed = warnLockFailed, signal } = options;
  const untilChanged = new AbortController();
  const onAbort = () => untilChanged.abort(signal?.reason);
  const commit = () => signal?.removeEventListener('abort', onAbort);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  const consent = { ...options, shown: pins.shown };
  const change = async (session: CardSession) => {
    // One home is looked at by the VERIFY itself; of two, each before anything is sent.
    const [only, ...others] = KEEPERS[pins.reference];
    if (only !== undefined && others.length === 0) return changeAt(session, only, pins, consent);
    const homes = await findHomes(session, pins.reference);
    for (const { triesLeft } of homes) assertTriesAllow(pins.reference, triesLeft, options);
    return changeEverywhere(session, homes, pins, { consent, commit });
  };
  try {
    await card.exclusive((session) => lockedAfter(session, onLockFailed, () => change(session)), {
      signal: untilChanged.signal,
    });
  } finally {
    commit();
  }
}
