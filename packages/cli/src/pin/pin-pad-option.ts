import { PIN_POLICY, type SecretReference } from '@jpki/applets/jpki';
import { PinPadError } from '@jpki/iso7816';
import { parseCardUri } from '../card/card-uri.ts';
import { UsageError } from '../errors.ts';
import type { CommonOptions } from '../options.ts';

/** Seconds that a keypad waits for the PIN. */
export const PAD_SECONDS = 30;

/**
 * Whether `--pin-pad` can be meant, before any card is touched.
 *
 * @throws {PinPadError} for a secret that is no PIN of four digits, the password above all: each of its tries would be
 * lost on a keypad. {@link UsageError} for a card without a reader, and beside `--no-input`: a keypad asks a person too.
 */
export function assertPadPossible(reference: SecretReference, { card, noInput }: CommonOptions): void {
  const { characters, minLength, maxLength } = PIN_POLICY[reference].format;
  if (characters !== 'digits' || minLength !== 4 || maxLength !== 4)
    throw new PinPadError('refused', `a keypad takes PINs of four digits, and ${reference} is none`);
  if (noInput) throw new UsageError('--no-input, --pin-pad');
  if (parseCardUri(card).world !== 'pcsc') throw new UsageError(`--card ${card}, --pin-pad`);
}
