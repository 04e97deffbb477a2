import {
  type CardSession,
  Pin,
  PinOutcomeUnknownError,
  PinPadError,
  type PinProtection,
  PinRepeatedError,
  StatusWordError,
  Sw,
  triesLeftFrom,
} from '@jpki/iso7816';
import {
  CounterChangedError,
  ImplausibleCounterError,
  LastTryError,
  PinBlockedError,
  PinIncorrectError,
  PinKnownWrongError,
  PinRefusedError,
} from './errors.ts';
import { CARD_MANAGER_AID } from './lock.ts';
import { PIN_POLICY } from './pin-policy.ts';
import { assertTypedOnPad, type PinConsent, type PinEntry } from './pin-source.ts';
import type { SecretReference } from './secret-reference.ts';

/** Where a PIN lives. Its application is selected. */
export interface PinLocation {
  readonly reference: SecretReference;
  /** AID of the application. */
  readonly aid: Uint8Array;
  /** EF of the reference data. */
  readonly pinEf: number;
}

/**
 * Reads how many tries are left and checks that the number is one this PIN can have. Selects the EF of the PIN.
 *
 * @throws {PinBlockedError} for none left; {@link ImplausibleCounterError} when the card tells no credible number:
 * then no PIN may be sent ("try and see" is not a thing).
 */
export async function readTriesLeft(session: CardSession, location: PinLocation): Promise<number> {
  const { reference, aid } = location;
  let answer = await askTriesLeft(session, location);
  if (answer === 'verified') {
    // Some cards answer 9000 while the PIN is verified (card-protocol.md 3.3): log out, and ask again.
    await session.selectDf(CARD_MANAGER_AID);
    await session.selectDf(aid);
    answer = await askTriesLeft(session, location);
  }
  if (answer === 'verified') throw new ImplausibleCounterError(reference, 'the PIN stays verified');
  const { maxTries, plausibleTries = maxTries } = PIN_POLICY[reference];
  if (answer > plausibleTries)
    throw new ImplausibleCounterError(reference, `${answer} tries left of ${maxTries}`);
  return answer;
}

async function askTriesLeft(
  session: CardSession,
  { reference, pinEf }: PinLocation,
): Promise<number | 'verified'> {
  await session.selectEf(pinEf);
  try {
    return await session.triesLeft(pinEf);
  } catch (error) {
    if (!(error instanceof StatusWordError)) throw error;
    if (isBlocked(error.sw)) return 0;
    throw new ImplausibleCounterError(reference, 'the card did not tell it', error);
  }
}

/** Refuses a counter with which no PIN may be sent, or only with consent. */
export function assertTriesAllow(reference: SecretReference, triesLeft: number, consent: PinConsent): void {
  if (triesLeft === 0) throw new PinBlockedError(reference);
  if (consent.shown !== undefined && consent.shown !== triesLeft) {
    throw new CounterChangedError(reference, consent.shown, triesLeft);
  }
  if (triesLeft === 1 && consent.allowLastTry?.expected !== triesLeft)
    throw new LastTryError(reference, triesLeft);
}

/**
 * Spends a PIN: counter, plausibility, consent, then VERIFY once, in one hold of the card (security.md (c) 2, 6–11).
 * Whatever the answer, it is never sent again, and the counter told is read anew. The PIN is overwritten, sent or not.
 * `protection` encrypts it on its way.
 *
 * On a keypad the same holds, but for the memory of refused PINs, which cannot know what was typed there: what the keypad
 * says of an entry that came to nothing is not believed against the counter.
 *
 * @throws {PinIncorrectError}, {@link PinBlockedError}, {@link LastTryError}, {@link CounterChangedError},
 * {@link PinRefusedError}, {@link ImplausibleCounterError}, {@link PinOutcomeUnknownError}; {@link PinPadError} when nothing
 * was sent from a keypad.
 */
export async function verifyPin(
  session: CardSession,
  location: PinLocation,
  pin: PinEntry,
  consent: PinConsent,
  protection?: PinProtection,
): Promise<void> {
  try {
    await spendPin(session, location, pin, consent, protection);
  } finally {
    if (pin instanceof Pin) pin[Symbol.dispose]();
  }
}

async function spendPin(
  session: CardSession,
  location: PinLocation,
  pin: PinEntry,
  consent: PinConsent,
  protection: PinProtection | undefined,
): Promise<void> {
  const { reference } = location;
  if (!(pin instanceof Pin)) assertTypedOnPad(reference);
  const before = await readTriesLeft(session, location);
  assertTriesAllow(reference, before, consent);
  consent.onTriesLeft?.(before);
  try {
    await present(session, location, pin, protection);
  } catch (error) {
    if (error instanceof PinOutcomeUnknownError) {
      error.triesLeft = await rereadTries(session, location);
      throw error;
    }
    if (error instanceof PinPadError) throw await endedEntry(session, location, before, error);
    if (error instanceof PinRepeatedError) throw new PinKnownWrongError(reference, before, error);
    if (error instanceof StatusWordError) throw await failedVerify(session, location, before, error);
    throw error;
  }
}

/** The one VERIFY, with the PIN at hand or by a keypad, which cannot encrypt what it sends. */
function present(
  session: CardSession,
  { reference, pinEf }: PinLocation,
  pin: PinEntry,
  protection: PinProtection | undefined,
): Promise<void> {
  if (pin instanceof Pin) return session.verify(pinEf, pin, protection);
  if (protection !== undefined) throw new PinPadError('refused', 'a keypad sends a PIN as it is typed');
  return session.verifyOnPad(pinEf, pin.pad, PIN_POLICY[reference].format);
}

/** An entry that a keypad called off; with the counter, which must be where it was. */
async function endedEntry(
  session: CardSession,
  location: PinLocation,
  before: number,
  error: PinPadError,
): Promise<Error> {
  const now = await rereadTries(session, location);
  if (now !== undefined && now !== before) {
    const what = `${before} tries before an entry that the keypad called off, ${now} after`;
    return new ImplausibleCounterError(location.reference, what, error);
  }
  error.triesLeft = now;
  return error;
}

/** What a failed VERIFY means; total over every status word. */
async function failedVerify(
  session: CardSession,
  location: PinLocation,
  before: number,
  error: StatusWordError,
): Promise<Error> {
  const { reference } = location;
  const told = triesLeftFrom(error.sw);
  if (told === 0 || isBlocked(error.sw)) return new PinBlockedError(reference, error);
  const now = await rereadTries(session, location);
  if (told === undefined && error.sw !== Sw.VERIFICATION_FAILED) {
    return new PinRefusedError(reference, error.sw, now, error);
  }
  const triesLeft = now ?? told;
  if (triesLeft === 0) return new PinBlockedError(reference, error);
  if (triesLeft !== before - 1) {
    const what = `${before} tries before a wrong PIN, ${triesLeft ?? 'an unknown number'} after`;
    return new ImplausibleCounterError(reference, what, error);
  }
  return new PinIncorrectError(reference, triesLeft, error);
}

/** The counter after a failure, or `undefined` when the card cannot be asked any more. */
export async function rereadTries(session: CardSession, location: PinLocation): Promise<number | undefined> {
  try {
    // After a fault of the link nothing is selected any more.
    await session.selectDf(location.aid);
    const answer = await askTriesLeft(session, location);
    return answer === 'verified' ? undefined : answer;
  } catch {
    return undefined;
  }
}

/** 6984 as measured, 6983 as ISO has it (card-protocol.md 11, no. 1). */
function isBlocked(sw: number): boolean {
  return sw === Sw.REFERENCE_DATA_NOT_USABLE || sw === Sw.AUTHENTICATION_METHOD_BLOCKED;
}
