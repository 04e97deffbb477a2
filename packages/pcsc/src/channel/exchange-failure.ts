import { CardRemovedError, CardResetError } from '@jpki/iso7816';
import { PcscError } from '../errors.ts';
import { pcscErrorFrom } from '../scard/scard-errors.ts';
import { hasScardCode, SCARD_E_PROTO_MISMATCH } from '../scard/scard-numbers.ts';

/**
 * What the failure of a command means where its code says less than is known.
 *
 * @param isCardGone whether no card is in the reader any more, as soon as that is known.
 * @returns the failure itself where nothing more is known.
 */
export async function exchangeFailure(
  failure: unknown,
  isCardGone: () => Promise<boolean>,
): Promise<unknown> {
  // A protocol was agreed on, and pcscd forgets it when a card is reset: somebody did, as we connected. Nothing was sent
  // (pcsc-lite 1.9.9, winscard.c, SCardTransmit).
  if (hasScardCode(failure, SCARD_E_PROTO_MISMATCH))
    return new CardResetError('another program reset the card', failure);
  // macOS and some drivers say of a card that was taken away only that the exchange with it failed.
  if (isBrokenExchange(failure) && (await isCardGone()))
    return new CardRemovedError('the card was removed before it answered', failure);
  return failure;
}

function isBrokenExchange(error: unknown): boolean {
  const typed = pcscErrorFrom(error);
  return typed instanceof PcscError && typed.code === 'ERR_PCSC_COMMUNICATION';
}
