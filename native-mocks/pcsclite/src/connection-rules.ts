import type { PlatformProfile } from './platform-profile.ts';
import { type ScardCall, ScardCallError, scardCodes, shareModes } from './scard.ts';
import type { Slot, Stay } from './slot.ts';

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

export async function powerUp(stay: Stay | undefined): Promise<void> {
  if (!stay || stay.powered || stay.mute) return;
  stay.powered = true;
  await stay.card.powerOn?.();
}
