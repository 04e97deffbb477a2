import type { Pin, PinFormat } from '@jpki/iso7816';
import { PinFormatError } from './errors.ts';
import type { PinReference, SecretReference } from './secret-reference.ts';

/** What is known of one of the card's secrets. */
export interface PinPolicy {
  /** Official Japanese name. */
  readonly name: string;
  readonly format: PinFormat;
  /** Tries of a fresh counter (card-protocol.md 3.1, 4.1, 5, 6). */
  readonly maxTries: number;
  /** The most tries that a card may tell, where the maximum is told by one source alone; otherwise `maxTries`. */
  readonly plausibleTries?: number;
  /** Whether ASCII a–z are turned into A–Z: the card compares bytes, and the password is registered in upper case. */
  readonly foldsCase: boolean;
}

const digits = (length: number): PinFormat => ({
  minLength: length,
  maxLength: length,
  characters: 'digits',
});

/** Tries of the printed numbers: 10 by two sources, 3 by one (card-protocol.md 11, no. 4). */
const CODE_TRIES = 10;

/** What each secret looks like and how often it may be wrong (card-protocol.md 3.1, 3.2, 4.1, 5, 6; security.md (c) 3). */
export const PIN_POLICY: Readonly<Record<SecretReference, PinPolicy>> = {
  sign: {
    name: '署名用パスワード',
    format: { minLength: 6, maxLength: 16, characters: 'upper-alphanumeric' },
    maxTries: 5,
    foldsCase: true,
  },
  auth: { name: '利用者証明用暗証番号', format: digits(4), maxTries: 3, foldsCase: false },
  text: { name: '券面事項入力補助用暗証番号', format: digits(4), maxTries: 3, foldsCase: false },
  resident: {
    name: '住民基本台帳用暗証番号',
    format: digits(4),
    maxTries: 3,
    plausibleTries: 5,
    foldsCase: false,
  },
  'number-a': { name: '照合番号A', format: digits(12), maxTries: CODE_TRIES, foldsCase: false },
  'number-b': { name: '照合番号B', format: digits(14), maxTries: CODE_TRIES, foldsCase: false },
  birth: { name: '生年月日', format: digits(6), maxTries: CODE_TRIES, foldsCase: false },
};

/**
 * Brings a PIN into the form the card compares, or refuses it. Nothing is sent, so a typing mistake costs no try.
 * Only ASCII lower case is folded; full-width characters are refused, never converted.
 *
 * @returns whether lower-case letters were turned into capitals, so that the person can be told.
 * @throws {PinFormatError} when the PIN cannot be one of this kind.
 */
export function normalizePin(reference: SecretReference, pin: Pin): boolean {
  return normalize(reference, pin, PIN_POLICY[reference].format);
}

/** The same for a new PIN, which may be refused for more: the 署名用 one must mix letters and digits (security.md (c) 3). */
export function normalizeNewPin(reference: PinReference, pin: Pin): boolean {
  const { format } = PIN_POLICY[reference];
  return normalize(reference, pin, { ...format, mixed: format.characters === 'upper-alphanumeric' });
}

function normalize(reference: SecretReference, pin: Pin, format: PinFormat): boolean {
  const folded = PIN_POLICY[reference].foldsCase && pin.foldCase();
  const violation = pin.violation(format);
  if (violation !== undefined) throw new PinFormatError(reference, violation);
  return folded;
}
