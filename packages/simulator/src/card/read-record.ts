import { type CommandApdu, Sw } from '@jpki/iso7816';
import type { CardState } from './card-state.ts';
import { assertAccess, referencedEf } from './file-reference.ts';
import { refuse } from './refusal.ts';

/** Bits 3 to 1 of P2: the record of P1 alone, or that one and all after it (card-protocol.md 1.3). */
const ONE_RECORD = 0x04;
const ALL_FROM = 0x05;

/** READ RECORD, `00 B2 nn 04`: record nn, from 1, of the current EF or the one of a short identifier (card-protocol.md 1.3). */
export async function readRecord(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const { p1, p2, data, le } = command;
  const { variants } = state;
  if (le === undefined || data !== undefined) return refuse(variants.wrongLength);
  const { file } = referencedEf(state, p2 >> 3);
  if (file.kind !== 'records') return refuse(variants.wrongKindOfFile);
  const mode = p2 & 0x07;
  if (mode !== ONE_RECORD && mode !== ALL_FROM) refuse(Sw.INCORRECT_P1_P2);
  if (mode === ALL_FROM && variants.recordRange !== 'concatenated') refuse(variants.recordRange);
  assertAccess(state, file.access);
  const records = await file.records();
  if (p1 === 0 && variants.currentRecord !== '9000') refuse(variants.currentRecord);
  const number = p1 === 0 ? state.currentRecord : p1;
  if (number < 1 || number > records.length) refuse(variants.recordAbsent);
  const answer = Buffer.concat(records.slice(number - 1, mode === ALL_FROM ? undefined : number));
  if (answer.length > le) refuse(variants.wrongLength);
  state.currentRecord = mode === ALL_FROM ? records.length : number;
  return answer;
}
