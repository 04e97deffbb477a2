import type { Disposition, ShareMode } from '../binding.ts';
import { within } from '../deadline.ts';
import type { CardLink } from './card-link.ts';

/** Most milliseconds that a shared card waits, before its power is taken, for the transaction of another program. */
const CLOSING_PATIENCE = 2_000;

/** Milliseconds for the service to end a transaction or a connection; one that is frozen would take for ever. */
const ENDING_TIMEOUT = 3_000;

/** What is known of a connection at its end. */
export interface Ending {
  readonly readerName: string;
  readonly share: ShareMode;
  /** What is to become of the card. */
  readonly disposition: Disposition;
  /** The link is in order, or would be after a recovery. */
  readonly isUsable: boolean;
  /** A command was never answered. */
  readonly isSilent: boolean;
}

/** Ends a connection and does to the card what was asked for. Never rejects: a refusal tells that it has ended already. */
export async function handBack(link: CardLink, ending: Ending): Promise<void> {
  const disposition = (await endInTransaction(link, ending)) ? 'leave' : ending.disposition;
  const disconnected = link.card.disconnect(disposition).catch(() => undefined);
  // The service does one thing after the other: behind a call that never returns it would be waited for in vain. Were it
  // not asked for, the card would stay ours when it speaks again.
  if (ending.isSilent || link.isOccupied) return;
  await within(disconnected, limits(ending)).catch(() => undefined);
}

/**
 * Who takes a shared card's power resets it for all. So it is done at the end of a transaction: not in the middle of
 * another program's, and not while one connects, which would find the card off (a disconnection takes the power without
 * a lock: pcsc-lite 1.9.9, winscard.c, SCardDisconnect). pcscd gives such a card its power back; its PINs are forgotten.
 */
async function endInTransaction(link: CardLink, ending: Ending): Promise<boolean> {
  if (ending.share !== 'shared' || ending.disposition === 'leave') return false;
  if (!ending.isUsable || link.isOccupied || !link.canBegin) return false;
  try {
    await link.begin({ timeout: CLOSING_PATIENCE });
    await within(link.end(ending.disposition), limits(ending));
    return true;
  } catch {
    return false;
  }
}

function limits({ readerName }: Ending) {
  return { timeout: ENDING_TIMEOUT, subject: `reader "${readerName}"` };
}
