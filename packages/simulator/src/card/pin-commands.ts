import { type CommandApdu, Sw } from '@jpki/iso7816';
import type { CardState } from './card-state.ts';
import type { PinFile } from './elementary-file.ts';
import { referencedEf, shortIdOfP2 } from './file-reference.ts';
import { type PinKey, type PinRecord, pinKey } from './pin-memory.ts';
import { refuse } from './refusal.ts';

/** Longest body of VERIFY (card-protocol.md 3.2). */
const MAX_PIN_LENGTH = 16;

/** 63C0 plus the tries left. */
const TRIES_LEFT = 0x63c0;

/** Ne of an Le that is written 00. */
const LE_00 = 256;

/** A PIN or code of the selected application. */
interface ReferencedPin {
  readonly id: number;
  readonly key: PinKey;
  readonly file: PinFile;
}

/** VERIFY, `00 20 00 80`: with data it spends a try, without data it tells the tries left (card-protocol.md 3.2, 3.3). */
export async function verify(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const { p1, p2, data, le } = command;
  const { variants } = state;
  if (p1 !== 0x00) refuse(Sw.INCORRECT_P1_P2);
  const pin = referencedPin(state, p2);
  if (data === undefined) {
    if (le !== undefined && (le !== LE_00 || variants.queryWithLe !== '63Cx')) refuse(variants.queryWithLe);
    return query(state, pin);
  }
  if (le !== undefined) refuse(variants.wrongLength);
  if (data.length > MAX_PIN_LENGTH) refuse(variants.verifyTooLong);
  const [least, most] = pin.file.length;
  const fits = data.length >= least && data.length <= most;
  if (!fits && variants.verifyWrongLength !== 'wrong-pin') refuse(variants.verifyWrongLength);
  const outcome = await spendTry(state, pin, Buffer.from(data).toString('latin1'));
  if (outcome === Sw.OK) state.setVerified(pin.id);
  else if (variants.failedVerifyStatus === 'cleared') state.clearVerified(pin.id);
  return outcome === Sw.OK ? new Uint8Array() : refuse(outcome);
}

/** A verified PIN is answered like every other one: OpenSC's login needs 63Cx here (card-protocol.md 3.3). */
async function query(state: CardState, { id, key }: ReferencedPin): Promise<Uint8Array> {
  const { triesLeft } = presentRecord((await state.contents.pins.read())[key]);
  if (triesLeft === 0) refuse(state.variants.blockedQuery);
  if (state.isVerified(id) && state.variants.verifiedQuery === '9000') return new Uint8Array();
  return refuse(TRIES_LEFT + triesLeft);
}

/** Compares and counts in one step, so that a second process on the same state file cannot come between. */
async function spendTry(state: CardState, { key, file }: ReferencedPin, candidate: string): Promise<number> {
  let outcome: number = Number.parseInt(state.variants.blockedVerify, 16);
  await state.contents.pins.update((records) => {
    const record = presentRecord(records[key]);
    if (record.triesLeft === 0) return records;
    const right = record.pin === candidate;
    const triesLeft = right ? file.maxTries : record.triesLeft - 1;
    outcome = right ? Sw.OK : TRIES_LEFT + triesLeft;
    return { ...records, [key]: { ...record, triesLeft } };
  });
  return outcome;
}

/** CHANGE, `00 24 01 80` with the new PIN alone, after VERIFY of the old one (card-protocol.md 3.5). */
export function changeReferenceData(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  if (command.p1 !== 0x01) refuse(Sw.INCORRECT_P1_P2);
  return change(state, command, 'change-reference-data');
}

/** JICSAP CHANGE KEY, `80 32 00 80` with the new PIN alone, after VERIFY of the old one (card-protocol.md 3.5). */
export function changeKey(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  if (command.p1 !== 0x00) refuse(Sw.INCORRECT_P1_P2);
  return change(state, command, 'change-key');
}

async function change(
  state: CardState,
  { p2, data, le }: CommandApdu,
  by: 'change-reference-data' | 'change-key',
): Promise<Uint8Array> {
  const { variants } = state;
  const { id, key, file } = referencedPin(state, p2);
  if (file.change !== by) refuse(variants.changeOtherwise);
  if (data === undefined || le !== undefined) refuse(variants.wrongLength);
  if (!state.isVerified(id)) refuse(variants.changeUnverified);
  const pin = Buffer.from(data).toString('latin1');
  const [least, most] = file.length;
  const shape = file.digitsOnly ? /^[0-9]+$/ : /^[0-9A-Z]+$/;
  if (!shape.test(pin) || pin.length < least || pin.length > most) refuse(variants.changeBadFormat);
  await state.contents.pins.update((records) => ({
    ...records,
    [key]: { ...presentRecord(records[key]), pin },
  }));
  if (variants.changedStatus === 'cleared') state.clearVerified(id);
  return new Uint8Array();
}

function referencedPin(state: CardState, p2: number): ReferencedPin {
  const { id, file } = referencedEf(state, shortIdOfP2(p2));
  const { applicationName } = state;
  if (file.kind !== 'pin' || applicationName === undefined) return refuse(state.variants.wrongKindOfFile);
  return { id, key: pinKey(applicationName, id), file };
}

function presentRecord(record: PinRecord | undefined): PinRecord {
  if (record === undefined) throw new TypeError('a PIN file without its PIN');
  return record;
}
