import { type CommandApdu, encodeTlv, Sw } from '@jpki/iso7816';
import type { Application } from './application.ts';
import type { CardState } from './card-state.ts';
import { refuse } from './refusal.ts';

/** AID of the GlobalPlatform card manager, the ISD (card-protocol.md 2). */
const ISD_AID = Buffer.from('A0000001510000', 'hex');

/** P2 of SELECT (ISO/IEC 7816-4:2020, 11.2.2). */
const FIRST_WITH_FCI = 0x00;
const FIRST_WITHOUT_DATA = 0x0c;
const NEXT_OCCURRENCE = [0x02, 0x0e];

/** FCI template and DF name (ISO/IEC 7816-4:2020, 7.4). */
const FCI_TEMPLATE = 0x6f;
const DF_NAME = 0x84;

/** SELECT, `00 A4` (card-protocol.md 1.3). */
export function select(state: CardState, command: CommandApdu): Uint8Array {
  if (command.p1 === 0x00) return selectMasterFile(state, command);
  if (command.p1 === 0x04) return selectByName(state, command);
  if (command.p1 === 0x02) return selectEf(state, command);
  return refuse(state.variants.selectOtherwise);
}

/** The MF is not usable: 9000 without effect in an application, 6A86 outside, 6A82 by its identifier. */
function selectMasterFile({ application, variants }: CardState, { data }: CommandApdu): Uint8Array {
  if (data !== undefined) refuse(variants.masterFileById);
  const answer = application === undefined ? variants.masterFileAtPowerUp : variants.masterFileInApplication;
  return answer === '9000' ? new Uint8Array() : refuse(answer);
}

/** By full or partial DF name; what was selected stays so when nothing has that name. */
function selectByName(state: CardState, { p2, data = new Uint8Array(), le }: CommandApdu): Uint8Array {
  const { variants } = state;
  if (NEXT_OCCURRENCE.includes(p2)) refuse(variants.nextOccurrence);
  if (p2 !== FIRST_WITH_FCI && p2 !== FIRST_WITHOUT_DATA) refuse(Sw.INCORRECT_P1_P2);
  if (data.length === 0 || data.length > 16) refuse(variants.nameLength);
  const application = named(state, data);
  state.selectApplication(application);
  const wantsFci = p2 === FIRST_WITH_FCI && le !== undefined && variants.selectInformation === 'fci';
  return wantsFci
    ? encodeTlv(FCI_TEMPLATE, encodeTlv(DF_NAME, application?.aid ?? ISD_AID))
    : new Uint8Array();
}

/** The first application of that name, or `undefined` for the card manager. */
function named({ contents, variants }: CardState, name: Uint8Array): Application | undefined {
  const partial = variants.partialName === '9000';
  const fits = (aid: Uint8Array) => startsWith(aid, name) && (partial || aid.length === name.length);
  const application = contents.applications.find(({ aid }) => fits(aid));
  if (application !== undefined) return application;
  return fits(ISD_AID) && variants.cardManagerSelect === '9000' ? undefined : refuse(Sw.FILE_NOT_FOUND);
}

function selectEf(state: CardState, { p2, data }: CommandApdu): Uint8Array {
  const { variants } = state;
  if (p2 !== FIRST_WITH_FCI && p2 !== FIRST_WITHOUT_DATA) refuse(Sw.INCORRECT_P1_P2);
  const [high, low, ...rest] = data ?? [];
  if (high === undefined || low === undefined || rest.length > 0) return refuse(variants.wrongLength);
  if (state.application === undefined) refuse(variants.efAtCardManager);
  const id = (high << 8) | low;
  if (state.file(id) === undefined) refuse(Sw.FILE_NOT_FOUND);
  state.selectEf(id);
  return new Uint8Array();
}

function startsWith(name: Uint8Array, part: Uint8Array): boolean {
  return part.length <= name.length && part.every((byte, index) => byte === name[index]);
}
