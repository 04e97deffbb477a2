import type { PlatformProfile } from './platform-profile.ts';
import type { ResourceManager } from './resource-manager.ts';
import { dispositions, type ScardCall, ScardCallError, scardCodes, shareModes } from './scard.ts';
import type { Connection, Slot, Stay } from './slot.ts';

const { SCARD_SHARE_DIRECT, SCARD_SHARE_EXCLUSIVE } = shareModes;

/** Whether a newcomer gets in; false to wait for the end of a transaction. @throws {ScardCallError} if refused. */
export function mayConnect(slot: Slot, shareMode: number, profile: PlatformProfile): boolean {
  const refused = new ScardCallError('SCardConnect', scardCodes.SHARING_VIOLATION);
  const direct = shareMode === SCARD_SHARE_DIRECT ? profile.directActsAs.value : undefined;
  if (direct === 'unlimited') return true;
  if ([...slot.connections].some(({ share }) => share === SCARD_SHARE_EXCLUSIVE)) throw refused;
  const exclusive = shareMode === SCARD_SHARE_EXCLUSIVE || direct === 'exclusive';
  if (exclusive && slot.connections.size > 0) throw refused;
  return direct !== undefined || !slot.isTakenFor(undefined);
}

/** The protocol of a connection. @throws {ScardCallError} without a card, with a mute one, or without agreement. */
export function agreedProtocol(
  call: ScardCall,
  slot: Slot,
  shareMode: number,
  protocol: number,
  profile: PlatformProfile,
): number {
  if (shareMode === SCARD_SHARE_DIRECT) {
    const { value } = profile.directProtocol;
    const active = [...slot.connections].find(
      ({ stay }) => stay !== undefined && stay === slot.stay,
    )?.protocol;
    return value === 'active' ? (active ?? 0) : value;
  }
  const { stay } = slot;
  if (!stay) throw new ScardCallError(call, scardCodes.NO_SMARTCARD);
  if (stay.mute) throw new ScardCallError(call, scardCodes.UNRESPONSIVE_CARD);
  if ((protocol & stay.protocol) === 0) throw new ScardCallError(call, scardCodes.PROTO_MISMATCH);
  return stay.protocol;
}

/** @throws {ScardCallError} where the connection, its context or its reader has ended. */
export function checkReader(manager: ResourceManager, connection: Connection, call: ScardCall): void {
  manager.check(connection.context, call);
  if (connection.ended) throw new ScardCallError(call, scardCodes.INVALID_HANDLE);
  if (!connection.slot.plugged) throw new ScardCallError(call, manager.profile.removedReaderCode.value);
}

/** @throws {ScardCallError} for the same, and where the card was removed, swapped or reset. */
export function checkCard(manager: ResourceManager, connection: Connection, call: ScardCall): void {
  checkReader(manager, connection, call);
  const { slot, stay, wasReset, share } = connection;
  if (share === SCARD_SHARE_DIRECT) return;
  if (!slot.stay) throw new ScardCallError(call, scardCodes.REMOVED_CARD);
  if (slot.stay !== stay) throw new ScardCallError(call, manager.profile.reinsertedCardCode.value);
  if (wasReset) throw new ScardCallError(call, scardCodes.RESET_CARD);
}

export async function powerUp(stay: Stay | undefined): Promise<void> {
  if (!stay || stay.powered || stay.mute) return;
  stay.powered = true;
  await stay.card.powerOn?.();
}

/** Does what the end of a connection or transaction asks for; everybody but `by` then finds the card reset. */
export async function resetOrUnpower(
  slot: Slot,
  by: Connection | undefined,
  disposition: number,
): Promise<void> {
  const { stay } = slot;
  if (!stay || disposition === dispositions.SCARD_LEAVE_CARD) return;
  slot.wasResetBy(by);
  if (disposition === dispositions.SCARD_RESET_CARD) await stay.card.reset?.();
  else if (stay.powered) {
    stay.powered = false;
    await stay.card.powerOff?.();
  }
}
