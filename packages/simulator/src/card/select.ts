import { type CommandApdu, Sw } from '@jpki/iso7816';
import { type CardState, Refusal } from './card-state.ts';
import { Choice } from './choices.ts';

/** AID of the GlobalPlatform card manager, the ISD (card-protocol.md 2). */
const ISD_AID = Buffer.from('A0000001510000', 'hex');

/** P2 of SELECT (ISO/IEC 7816-4:2020, 11.2.2). */
/** Its FCI was not published (card-protocol.md 1.3): we answer 9000 without data. */
const FIRST_WITH_FCI = 0x00;
const FIRST_WITHOUT_DATA = 0x0c;
const NEXT_OCCURRENCE = [0x02, 0x0e];

/** SELECT, `00 A4` (card-protocol.md 1.3). No form of it returns data. */
export function select(state: CardState, command: CommandApdu): Uint8Array {
  if (command.p1 === 0x00) selectMasterFile(state, command);
  else if (command.p1 === 0x04) selectByName(state, command);
  else if (command.p1 === 0x02) selectEf(state, command);
  // P1 = 09, the path from the current DF, is known not to work; nor is any other form told to.
  else throw new Refusal(Sw.INCORRECT_P1_P2);
  return new Uint8Array();
}

/** The MF is not usable: 9000 without effect in an application, 6A86 outside, 6A82 by its identifier. */
function selectMasterFile(state: CardState, { data }: CommandApdu): void {
  if (data !== undefined) throw new Refusal(Sw.FILE_NOT_FOUND);
  if (state.application === undefined) throw new Refusal(Sw.INCORRECT_P1_P2);
}

/** By full or partial DF name; what was selected stays so when nothing has that name. */
function selectByName(state: CardState, { p2, data = new Uint8Array() }: CommandApdu): void {
  if (NEXT_OCCURRENCE.includes(p2)) throw new Refusal(Choice.NEXT_OCCURRENCE);
  if (p2 !== FIRST_WITH_FCI && p2 !== FIRST_WITHOUT_DATA) throw new Refusal(Sw.INCORRECT_P1_P2);
  if (data.length === 0 || data.length > 16) throw new Refusal(Choice.AID_LENGTH);
  const application = state.contents.applications.find(({ aid }) => startsWith(aid, data));
  if (application === undefined && !startsWith(ISD_AID, data)) throw new Refusal(Sw.FILE_NOT_FOUND);
  state.selectApplication(application);
}

function selectEf(state: CardState, { p2, data }: CommandApdu): void {
  if (p2 !== FIRST_WITH_FCI && p2 !== FIRST_WITHOUT_DATA) throw new Refusal(Sw.INCORRECT_P1_P2);
  const [high, low, ...rest] = data ?? [];
  if (high === undefined || low === undefined || rest.length > 0) throw new Refusal(Choice.WRONG_CASE);
  if (state.application === undefined) throw new Refusal(Choice.EF_AT_CARD_MANAGER);
  const id = (high << 8) | low;
  if (state.file(id) === undefined) throw new Refusal(Sw.FILE_NOT_FOUND);
  state.selectEf(id);
}

function startsWith(name: Uint8Array, part: Uint8Array): boolean {
  return part.length <= name.length && part.every((byte, index) => byte === name[index]);
}
