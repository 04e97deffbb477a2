import { type CommandApdu, Sw } from '@jpki/iso7816';
import { type CardState, Refusal } from './card-state.ts';
import { Choice } from './choices.ts';
import { assertAccess, referencedEf } from './file-reference.ts';

/** READ BINARY, `00 B0`: a 15-bit offset, or a short EF identifier with an 8-bit one (card-protocol.md 1.3). */
export async function readBinary(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const { p1, p2, data, le } = command;
  if (le === undefined || data !== undefined) throw new Refusal(Choice.WRONG_CASE);
  const byShortId = (p1 & 0x80) !== 0;
  if (byShortId && (p1 & 0x60) !== 0) throw new Refusal(Sw.INCORRECT_P1_P2);
  const file = referencedEf(state, byShortId ? p1 & 0x1f : 0);
  if (file.kind !== 'transparent') throw new Refusal(Sw.INCOMPATIBLE_FILE);
  assertAccess(state, file.access);
  const contents = await file.contents();
  const offset = byShortId ? p2 : (p1 << 8) | p2;
  if (offset >= contents.length) throw new Refusal(Sw.OFFSET_OUTSIDE_FILE);
  // Le beyond the end is answered with what is left and 9000.
  return contents.subarray(offset, offset + le);
}

/** READ RECORD, `00 B2`: no EF of this application has records, so it meets a wrong kind of file or none. */
export function readRecord(state: CardState, { p2 }: CommandApdu): never {
  referencedEf(state, p2 >> 3);
  throw new Refusal(Sw.INCOMPATIBLE_FILE);
}
