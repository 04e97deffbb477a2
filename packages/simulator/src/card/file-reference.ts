import { Sw } from '@jpki/iso7816';
import type { CardState } from './card-state.ts';
import type { Access, ElementaryFile } from './elementary-file.ts';
import { refuse } from './refusal.ts';

/** The largest short EF identifier (card-protocol.md 1.3: 0001 to 001E have one). */
const LAST_SHORT_ID = 30;

/** The EF that a command means, with its file identifier. */
export interface ReferencedEf {
  readonly id: number;
  readonly file: ElementaryFile;
}

/**
 * The EF a command means: the current one for a short identifier of 0, else that one, which becomes current
 * (card-protocol.md 1.3).
 */
export function referencedEf(state: CardState, shortId: number): ReferencedEf {
  if (shortId === 0) return currentEf(state);
  if (state.variants.shortIdentifiers !== '9000') refuse(state.variants.shortIdentifiers);
  if (shortId > LAST_SHORT_ID) refuse(state.variants.shortIdentifier31);
  const file = state.file(shortId);
  if (file === undefined) return refuse(Sw.FILE_NOT_FOUND);
  if (state.currentEf !== shortId) state.selectEf(shortId);
  return { id: shortId, file };
}

function currentEf(state: CardState): ReferencedEf {
  const id = state.currentEf;
  const file = id === undefined ? undefined : state.file(id);
  return id === undefined || file === undefined ? refuse(Sw.NO_CURRENT_EF) : { id, file };
}

/** The short identifier in P2 of VERIFY, CHANGE and 80 2A: `80` is the current EF, `80 + sfi` another (card-protocol.md 1.3). */
export function shortIdOfP2(p2: number): number {
  return (p2 & 0xe0) === 0x80 ? p2 & 0x1f : refuse(Sw.INCORRECT_P1_P2);
}

/** Refuses with 6982 when nothing that opens the file is verified. */
export function assertAccess(state: CardState, access: Access): void {
  if (access === 'free') return;
  if (access === 'never' || !access.some((id) => state.isVerified(id)))
    refuse(Sw.SECURITY_STATUS_NOT_SATISFIED);
}
