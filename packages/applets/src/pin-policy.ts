import type { Pin, PinFormat } from '@jpki/iso7816';
import { PinFormatError } from './errors.ts';

/** The four PINs of an Individual Number Card, by what they open. */
export type PinReference = 'sign' | 'auth' | 'text' | 'resident';

/** What is known of one of the four PINs. */
export interface PinPolicy {
  /** Official Japanese name. */
  readonly name: string;
  readonly format: PinFormat;
  /** Tries of a fresh counter (card-protocol.md 3.1, 4.1, 6). */
  readonly maxTries: number;
  /** Whether ASCII a–z are turned into A–Z: the card compares bytes, and the password is registered in upper case. */
  readonly foldsCase: boolean;
}

const FOUR_DIGITS: PinFormat = { minLength: 4, maxLength: 4, characters: 'digits' };

/** What each PIN looks like and how often it may be wrong (card-protocol.md 3.1, 3.2, 4.1, 6; security.md (c) 3). */
export const PIN_POLICY: Readonly<Record<PinReference, PinPolicy>> = {
  sign: {
    name: '署名用パスワード',
    format: { minLength: 6, maxLength: 16, characters: 'upper-alphanumeric' },
    maxTries: 5,
    foldsCase: true,
  },
  auth: { name: '利用者証明用暗証番号', format: FOUR_DIGITS, maxTries: 3, foldsCase: false },
  text: { name: '券面事項入力補助用暗証番号', format: FOUR_DIGITS, maxTries: 3, foldsCase: false },
  resident: { name: '住民基本台帳用暗証番号', format: FOUR_DIGITS, maxTries: 3, foldsCase: false },
};

/**
 * Brings a PIN into the form the card compares, or refuses it. Nothing is sent, so a typing mistake costs no try.
 * Only ASCII lower case is folded; full-width characters are refused, never converted.
 *
 * @returns whether lower-case letters were turned into capitals, so that the person can be told.
 * @throws {PinFormatError} when the PIN cannot be one of this kind.
 */
export function normalizePin(reference: PinReference, pin: Pin): boolean {
  const { format, foldsCase } = PIN_POLICY[reference];
  const folded = foldsCase && pin.foldCase();
  const violation = pin.violation(format);
  if (violation !== undefined) throw new PinFormatError(reference, violation);
  return folded;
}
