import type { BindingCard, PcscBinding, ProtocolChoice, ShareMode } from '../binding.ts';

/*
 * pcscd takes and gives power without a lock (pcsc-lite 1.9.9, winscard.c: SCardDisconnect, SCardReconnect, SCardConnect).
 * A connection that is made meanwhile succeeds and is never told that its card is off, or was reset. So power is only
 * changed here while everybody else is kept out: inside a transaction, or in an exclusive connection.
 */

/** How a card is connected to. */
export interface ConnectionMode {
  readonly share: ShareMode;
  readonly protocol: ProtocolChoice | undefined;
}

/**
 * Gives a connected card power where the service has it as off; each command would fail otherwise. A shared card gets it
 * in a transaction. Does nothing with a binding that has no SCardStatus.
 *
 * @throws {ScardFailure} of the reconnection, or of the transaction for it.
 */
export async function givePower(card: BindingCard, mode: ConnectionMode): Promise<void> {
  if (mode.share === 'exclusive') return givePowerUndisturbed(card, mode);
  if (!(await hasNoPower(card))) return;
  await card.begin?.();
  try {
    // Whoever kept us waiting may have given it.
    await givePowerUndisturbed(card, mode);
  } finally {
    await card.end?.('leave').catch(() => undefined);
  }
}

/** The same where everybody else is kept out already. @throws {ScardFailure} of the reconnection. */
export async function givePowerUndisturbed(
  card: BindingCard,
  { share, protocol }: ConnectionMode,
): Promise<void> {
  if (await hasNoPower(card)) await card.reconnect?.(share, 'unpower', protocol);
}

async function hasNoPower(card: BindingCard): Promise<boolean> {
  return card.reconnect !== undefined && (await isPowered(card)) === false;
}

/** As the service has it; `undefined` where it cannot be asked. Whatever else is wrong, the next command will meet it. */
async function isPowered(card: BindingCard): Promise<boolean | undefined> {
  const status = await card.status?.().catch(() => undefined);
  return status?.powered;
}

/** Connects, and leaves no connection behind to a card that cannot be given power. @throws {ScardFailure} */
export async function connectWithPower(
  binding: PcscBinding,
  readerName: string,
  mode: ConnectionMode,
  signal: AbortSignal | undefined,
): Promise<BindingCard> {
  const { share, protocol } = mode;
  const card = await binding.connect(readerName, share, protocol, signal);
  if (share === 'direct') return card;
  try {
    await givePower(card, mode);
    return card;
  } catch (error) {
    await card.disconnect('leave').catch(() => undefined);
    throw error;
  }
}

/**
 * Ends a connection after a reset, which gives the card power. Whoever was waited for may have done so, and uses the card
 * by now: then it is left alone.
 *
 * @throws {ScardFailure}
 */
export async function resetAndDisconnect(card: BindingCard): Promise<void> {
  if (!card.begin || !card.end) return card.disconnect('reset');
  try {
    await card.begin();
    await card.end((await isPowered(card)) ? 'leave' : 'reset');
  } finally {
    await card.disconnect('leave');
  }
}
