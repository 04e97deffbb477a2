import { Pin } from '@jpki/iso7816';
import type { CallOptions } from './hold.ts';
import type { PinConsent } from './pin-gate.ts';
import { normalizePin, PIN_POLICY } from './pin-policy.ts';
import type { SecretReference } from './secret-reference.ts';

/** What a person is asked for, and what they should be told with it. */
export interface PinRequest {
  readonly reference: SecretReference;
  /** Tries left before the PIN is sent. */
  readonly triesLeft: number;
  readonly maxTries: number;
  readonly signal: AbortSignal | undefined;
}

/** Asks a person for a PIN. Called when the card needs one and not before; the card is not held meanwhile. */
export type PinProvider = (request: PinRequest) => Promise<Pin>;

/** A PIN, or whom to ask for it. A PIN that cannot be right is refused before anything is sent. */
export type PinSource = Pin | PinProvider;

/** What happens around a PIN. */
export interface UnlockOptions extends CallOptions, Pick<PinConsent, 'allowLastTry' | 'onTriesLeft'> {
  /** Told when the card could not be locked afterwards, most likely because it was removed. */
  readonly onLockFailed?: (error: unknown) => void;
}

/** A PIN in the form the card compares, and the counter its giver was shown, if somebody was asked. */
export interface ObtainedPin {
  readonly pin: Pin;
  readonly shown: number | undefined;
}

/**
 * Gets the PIN from its source. A provider is shown the counter, so `readCounter` is called for it, and not otherwise.
 *
 * @throws {PinFormatError} when it cannot be one of this kind; then it is overwritten.
 */
export async function obtainPin(
  reference: SecretReference,
  source: PinSource,
  { signal }: CallOptions,
  readCounter: () => Promise<number>,
): Promise<ObtainedPin> {
  if (source instanceof Pin) return { pin: normalized(reference, source), shown: undefined };
  const triesLeft = await readCounter();
  const request = { reference, triesLeft, maxTries: PIN_POLICY[reference].maxTries, signal };
  return { pin: normalized(reference, await source(request)), shown: triesLeft };
}

function normalized(reference: SecretReference, pin: Pin): Pin {
  try {
    normalizePin(reference, pin);
    return pin;
  } catch (error) {
    pin[Symbol.dispose]();
    throw error;
  }
}

/** What is done about a card that stays unlocked when nobody said what to do. */
export function warnLockFailed(): void {
  process.emitWarning('the card could not be locked after use; remove it from the reader', {
    code: 'JPKI_LOCK_FAILED',
  });
}
