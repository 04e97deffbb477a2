import { Pin, type PinPad, PinPadError } from '@jpki/iso7816';
import type { CallOptions } from './hold.ts';
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

/**
 * The keypad of a reader: the PIN goes from its keys to the card and never through this computer. The person types while
 * the card is held, right after {@link PinConsent.onTriesLeft} was told.
 */
export interface PinPadSource {
  readonly pad: PinPad;
}

/**
 * A PIN, whom to ask for it, or the keypad it is typed on. A PIN that cannot be right is refused before anything is sent,
 * and so is a keypad for anything but a PIN of four digits.
 */
export type PinSource = Pin | PinProvider | PinPadSource;

/** What a VERIFY is sent with. */
export type PinEntry = Pin | PinPadSource;

/** Under which conditions a PIN may be spent, and who is told of it. */
export interface PinConsent {
  /** The person agreed to spend the last try after being shown this number. */
  readonly allowLastTry?: { readonly expected: number } | undefined;
  /** The counter the person was shown; another one now stops the VERIFY. */
  readonly shown?: number | undefined;
  /** Told the counter right before the PIN is sent. Must return at once: the card is held meanwhile. */
  readonly onTriesLeft?: ((triesLeft: number) => void) | undefined;
}

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

/** The same, or a keypad: whoever types there is shown the counter in the hold of the VERIFY itself. */
export interface ObtainedEntry {
  readonly pin: PinEntry;
  readonly shown: number | undefined;
}

/** {@link obtainPin} where a keypad will do as well. @throws {PinPadError} for one that cannot type this PIN. */
export async function obtainEntry(
  reference: SecretReference,
  source: PinSource,
  options: CallOptions,
  readCounter: () => Promise<number>,
): Promise<ObtainedEntry> {
  if (!isPad(source)) return obtainPin(reference, source, options, readCounter);
  assertTypedOnPad(reference);
  return { pin: source, shown: undefined };
}

/** Whether the PIN is typed on a keypad. */
export function isPad(source: PinSource): source is PinPadSource {
  return typeof source === 'object' && 'pad' in source;
}

/** Digits of a PIN that keypads are asked for. */
const PAD_DIGITS = 4;

/**
 * A keypad has digits only: each try of a password on one would be lost. The numbers printed on the card are longer than
 * every keypad was told to take.
 *
 * @throws {PinPadError} `refused` for all but the PINs of four digits.
 */
export function assertTypedOnPad(reference: SecretReference): void {
  const { characters, minLength, maxLength } = PIN_POLICY[reference].format;
  if (characters === 'digits' && minLength === PAD_DIGITS && maxLength === PAD_DIGITS) return;
  throw new PinPadError('refused', `a keypad takes PINs of four digits, and ${reference} is none`);
}

/**
 * Gets the PIN from its source. A provider is shown the counter, so `readCounter` is called for it, and not otherwise.
 *
 * @throws {PinFormatError} when it cannot be one of this kind; then it is overwritten. {@link PinPadError} for a keypad.
 */
export async function obtainPin(
  reference: SecretReference,
  source: PinSource,
  { signal }: CallOptions,
  readCounter: () => Promise<number>,
): Promise<ObtainedPin> {
  if (isPad(source)) throw new PinPadError('refused', `the ${reference} PIN is not typed on a keypad here`);
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
