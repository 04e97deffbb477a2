import type { BindingCard, PcscBinding, ProtocolChoice, ShareMode } from '../binding.ts';

/*
 * pcscd takes and gives power without a lock (pcsc-lite 1.9.9, winscard.c: SCardDisconnect, SCardReconnect, SCardConnect).
 * A connection that is made meanwhile succeeds and is never told that its card is off, or was reset. So power is only
 * changed here while everybody else is kept out: inside a transaction, or in an exclusive connection.
 */

/**
 * Gives a connected card power where the service has it as off; each command would fail otherwise. Does nothing with a
 * binding that has no SCardStatus.
 *
 * @param othersAreOut a transaction is open, or the connection is exclusive.
 * @throws {ScardFailure} of the reconnection, or of the transaction for it.
 */
export async function givePower(
  card: BindingCard,
  share: ShareMode,
  protocol: ProtocolChoice | undefined,
  othersAreOut: boolean,
): Promise<void> {
  if (!card.status || !card.reconnect) return;
  // Whatever else is wrong, the next command will meet it.
  const status = await card.status().catch(() => undefined);
  if (status?.powered !== false) return;
  if (!othersAreOut) await card.begin?.();
  try {
    await card.reconnect(share, 'unpower', protocol);
  } finally {
    if (!othersAreOut) await card.end?.('leave').catch(() => undefined);
  }
}

/** Connects, and leaves no connection behind to a card that cannot be given power. @throws {ScardFailure} */
export async function connectWithPower(
  binding: PcscBinding,
  readerName: string,
  share: ShareMode,
  protocol: ProtocolChoice | undefined,
  signal: AbortSignal | undefined,
): Promise<BindingCard> {
  const card = await binding.connect(readerName, share, protocol, signal);
  if (share === 'direct') return card;
  try {
    await givePower(card, share, protocol, share === 'exclusive');
    return card;
  } catch (error) {
    await card.disconnect('leave').catch(() => undefined);
    throw error;
  }
}

/** Ends a connection after a reset, which gives the card power. @throws {ScardFailure} */
export async function resetAndDisconnect(card: BindingCard): Promise<void> {
  if (!card.begin || !card.end) return card.disconnect('reset');
  try {
    await card.begin();
    await card.end('reset');
  } finally {
    await card.disconnect('leave');
  }
}
