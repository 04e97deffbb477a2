import { type Card, Pin } from '@jpki/iso7816';
import { lockedAfter } from '../card-manager.ts';
import { selectApplication } from '../hold.ts';
import { assertTriesAllow, readTriesLeft } from '../pin-gate.ts';
import { normalizeNewPin, type PinReference } from '../pin-policy.ts';
import { obtainPin, type PinSource, type UnlockOptions, warnLockFailed } from '../pin-source.ts';
import { changeAt, type PinPair } from './change-at.ts';
import { KEEPERS, type Keeper, type Keepers } from './keepers.ts';
import { changeBoth } from './two-homes.ts';

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
  const keepers = KEEPERS[reference];
  const toWipe: Pin[] = [current, next].filter((source) => source instanceof Pin);
  try {
    if (next instanceof Pin) normalizeNewPin(reference, next);
    const { pin, shown } = await obtainPin(reference, current, options, () =>
      readAllowedTries(card, keepers.first, options),
    );
    toWipe.push(pin);
    const newPin = next instanceof Pin ? next : await next();
    toWipe.push(newPin);
    normalizeNewPin(reference, newPin);
    await changeOnCard(card, keepers, { reference, current: pin, next: newPin, shown }, options);
  } finally {
    for (const pin of toWipe) pin[Symbol.dispose]();
  }
}

function readAllowedTries(card: Card, keeper: Keeper, options: ChangePinOptions): Promise<number> {
  return card.exclusive(
    async (session) => {
      await selectApplication(session, keeper.application);
      const tries = await readTriesLeft(session, keeper.location);
      assertTriesAllow(options.reference, tries, options);
      return tries;
    },
    { signal: options.signal },
  );
}

/**
 * One hold of the card. Once a PIN of two homes was changed in the first, the caller's signal is not heard any more: the
 * two must agree in the end.
 */
async function changeOnCard(
  card: Card,
  { first, second }: Keepers,
  pins: PinPair & { readonly shown: number | undefined },
  options: ChangePinOptions,
): Promise<void> {
  const { onLockFailed = warnLockFailed, signal } = options;
  const consent = { ...options, shown: pins.shown };
  const untilChanged = new AbortController();
  const onAbort = () => untilChanged.abort(signal?.reason);
  const commit = () => signal?.removeEventListener('abort', onAbort);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) onAbort();
  try {
    await card.exclusive(
      (session) =>
        lockedAfter(session, onLockFailed, () =>
          second === undefined
            ? changeAt(session, first, pins, consent)
            : changeBoth(session, { first, second }, pins, { consent, commit }),
        ),
      { signal: untilChanged.signal },
    );
  } finally {
    commit();
  }
}
