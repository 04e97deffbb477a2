import { type CommandApdu, Sw } from '@jpki/iso7816';
import type { CardState } from './card-state.ts';
import { assertAccess, referencedEf } from './file-reference.ts';
import { refuse } from './refusal.ts';

/** Most bytes that a short Le asks for, and 6Cxx can tell. */
const SHORT_NE = 256;

/** READ BINARY, `00 B0`: a 15-bit offset, or a short EF identifier with an 8-bit one (card-protocol.md 1.3). */
export async function readBinary(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const { le, data, extended } = command;
  const { variants } = state;
  if (le === undefined || data !== undefined) return refuse(variants.wrongLength);
  if (extended && variants.extendedRead !== '9000') refuse(variants.extendedRead);
  const rest = await restOfFile(state, command);
  if (rest.length < le && rest.length > 0 && le <= SHORT_NE && variants.leBeyondEnd === '6Cxx')
    refuse(0x6c00 + rest.length);
  // Le beyond the end is answered with what is left and 9000.
  return rest.subarray(0, le);
}

/** The bytes of the file from the offset in P1-P2 on; secure messaging reads the same. */
export async function restOfFile(
  state: CardState,
  { p1, p2 }: Pick<CommandApdu, 'p1' | 'p2'>,
): Promise<Uint8Array> {
  const byShortId = (p1 & 0x80) !== 0;
  if (byShortId && (p1 & 0x60) !== 0) refuse(Sw.INCORRECT_P1_P2);
  const { file } = referencedEf(state, byShortId ? p1 & 0x1f : 0);
  state.currentRecord = 0;
  if (file.kind !== 'transparent') return refuse(state.variants.wrongKindOfFile);
  assertAccess(state, file.access);
  const contents = await file.contents();
  const offset = byShortId ? p2 : (p1 << 8) | p2;
  if (offset < contents.length) return contents.subarray(offset);
  if (state.variants.offsetBeyondEnd !== 'empty') refuse(state.variants.offsetBeyondEnd);
  return new Uint8Array();
}
