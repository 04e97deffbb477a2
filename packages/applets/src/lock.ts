import type { CardSession } from '@jpki/iso7816';

/**
 * AID of the card manager (GlobalPlatform issuer security domain). Selecting it leaves the application and clears
 * its verified PINs: the only logout this card has besides power-off (card-protocol.md 1.2, 1.3).
 *
 * @provenance observed on one test card (myna-card 3.3.4)
 */
export const CARD_MANAGER_AID: Uint8Array = Uint8Array.of(0xa0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00);

/**
 * Runs `work` and locks the card afterwards in every way out: success, error and abort.
 *
 * When only the locking fails, the result stands and `onLockFailed` is told: a card that was pulled out is locked by
 * that, and any other is powered down when its channel is closed.
 */
export async function lockedAfter<T>(
  session: CardSession,
  onLockFailed: (error: unknown) => void,
  work: () => Promise<T>,
): Promise<T> {
  let outcome: { readonly value: T } | undefined;
  try {
    outcome = { value: await work() };
    return outcome.value;
  } finally {
    try {
      await session.selectDf(CARD_MANAGER_AID, { evenIfAborted: true });
    } catch (error) {
      // After a failure of `work` its error is the one to hear.
      if (outcome !== undefined) onLockFailed(error);
    }
  }
}
