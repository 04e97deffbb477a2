import { Sw } from '@jpki/iso7816';
import { type CardState, Refusal } from './card-state.ts';
import { Choice } from './choices.ts';
import type { Access, ElementaryFile } from './elementary-file.ts';

/** The largest short EF identifier (card-protocol.md 1.3: 0001 to 001E have one). */
const LAST_SHORT_ID = 30;

/**
 * The EF a command means: the current one for a short identifier of 0, else that one, which becomes current
 * (card-protocol.md 1.3).
 */
export function referencedEf(state: CardState, shortId: number): ElementaryFile {
  if (shortId > LAST_SHORT_ID) throw new Refusal(Choice.SHORT_ID_31);
  if (shortId === 0) return currentEf(state);
  const file = state.file(shortId);
  if (file === undefined) throw new Refusal(Sw.FILE_NOT_FOUND);
  state.selectEf(shortId);
  return file;
}

function currentEf(state: CardState): ElementaryFile {
  const file = state.currentEf === undefined ? undefined : state.file(state.currentEf);
  if (file === undefined) throw new Refusal(Sw.NO_CURRENT_EF);
  return file;
}

/** The short identifier in P2 of VERIFY, CHANGE and 80 2A: `80` is the current EF, `80 + sfi` another (card-protocol.md 1.3). */
export function shortIdOfP2(p2: number): number {
  if ((p2 & 0xe0) !== 0x80) throw new Refusal(Sw.INCORRECT_P1_P2);
  return p2 & 0x1f;
}

/** Refuses with 6982 when what opens the file is not verified. */
export function assertAccess(state: CardState, access: Access): void {
  const open = access === 'free' || (access !== 'never' && state.isVerified(access));
  if (!open) throw new Refusal(Sw.SECURITY_STATUS_NOT_SATISFIED);
}
