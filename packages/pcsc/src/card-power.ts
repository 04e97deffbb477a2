import type { BindingCard, PcscBinding, ProtocolChoice, ShareMode } from './binding.ts';

/**
 * Gives a connected card power where the service has it as off. pcscd takes the power at a disconnection without a lock, so
 * a connection that is made meanwhile succeeds and is never told; each of its commands would fail (pcsc-lite 1.9.9,
 * winscard.c, SCardDisconnect and SCardConnect). Does nothing with a binding that has no SCardStatus.
 *
 * @throws {ScardFailure} of the reconnection.
 */
export async function givePower(
  card: BindingCard,
  share: ShareMode,
  protocol: ProtocolChoice | undefined,
): Promise<void> {
  if (!card.status || !card.reconnect) return;
  // Whatever else is wrong, the next command will meet it.
  const status = await card.status().catch(() => undefined);
  if (status?.powered === false) await card.reconnect(share, 'unpower', protocol);
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
    await givePower(card, share, protocol);
    return card;
  } catch (error) {
    await card.disconnect('leave').catch(() => undefined);
    throw error;
  }
}
