import { type CommandApdu, Sw } from '@jpki/iso7816';
import { MAX_TRIES } from '../persona.ts';
import type { CertificateKind } from '../test-pki/names.ts';
import { type CardState, Refusal } from './card-state.ts';
import { Choice } from './choices.ts';
import { referencedEf, shortIdOfP2 } from './file-reference.ts';
import type { PinRecord } from './pin-memory.ts';

/** Longest body of VERIFY (card-protocol.md 3.2). */
const MAX_PIN_LENGTH = 16;

/** 63C0 plus the tries left. */
const TRIES_LEFT = 0x63c0;

/** What CHANGE takes (card-protocol.md 3.5). */
const PIN_SHAPE: Readonly<Record<CertificateKind, RegExp>> = { sign: /^[0-9A-Z]{6,16}$/, auth: /^[0-9]{4}$/ };

/** VERIFY, `00 20 00 80`: with data it spends a try, without data it tells the tries left (card-protocol.md 3.2, 3.3). */
export async function verify(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const { p1, p2, data, le } = command;
  if (p1 !== 0x00) throw new Refusal(Sw.INCORRECT_P1_P2);
  const reference = referencedPin(state, p2);
  if (le !== undefined) throw new Refusal(Choice.WRONG_CASE);
  // A verified PIN is answered like every other one: OpenSC's login needs 63Cx here (card-protocol.md 3.3).
  if (data === undefined) throw new Refusal(TRIES_LEFT + (await pinRecord(state, reference)).triesLeft);
  if (data.length > MAX_PIN_LENGTH) throw new Refusal(Choice.VERIFY_TOO_LONG);
  const outcome = await spendTry(state, reference, Buffer.from(data).toString('latin1'));
  state.setVerified(reference, outcome === Sw.OK);
  if (outcome !== Sw.OK) throw new Refusal(outcome);
  return new Uint8Array();
}

/** Compares and counts in one step, so that a second process on the same state file cannot come between. */
async function spendTry(state: CardState, reference: CertificateKind, candidate: string): Promise<number> {
  let outcome: number = Sw.REFERENCE_DATA_NOT_USABLE;
  await state.contents.pins.update((records) => {
    const record = presentRecord(records[reference]);
    if (record.triesLeft === 0) return records;
    const right = record.pin === candidate;
    const triesLeft = right ? MAX_TRIES[reference] : record.triesLeft - 1;
    outcome = right ? Sw.OK : TRIES_LEFT + triesLeft;
    return { ...records, [reference]: { ...record, triesLeft } };
  });
  return outcome;
}

/** CHANGE, `00 24 01 80` with the new PIN alone, after VERIFY of the old one (card-protocol.md 3.5). */
export async function changeReferenceData(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const { p1, p2, data, le } = command;
  if (p1 !== 0x01) throw new Refusal(Sw.INCORRECT_P1_P2);
  const reference = referencedPin(state, p2);
  if (data === undefined || le !== undefined) throw new Refusal(Choice.WRONG_CASE);
  if (!state.isVerified(reference)) throw new Refusal(Choice.CHANGE_UNVERIFIED);
  const pin = Buffer.from(data).toString('latin1');
  if (!PIN_SHAPE[reference].test(pin)) throw new Refusal(Choice.CHANGE_BAD_FORMAT);
  await state.contents.pins.update((records) => ({
    ...records,
    [reference]: { ...presentRecord(records[reference]), pin },
  }));
  return new Uint8Array();
}

function referencedPin(state: CardState, p2: number): CertificateKind {
  const file = referencedEf(state, shortIdOfP2(p2));
  if (file.kind !== 'pin') throw new Refusal(Choice.WRONG_KIND_OF_EF);
  return file.reference;
}

async function pinRecord(state: CardState, reference: CertificateKind): Promise<PinRecord> {
  return presentRecord((await state.contents.pins.read())[reference]);
}

function presentRecord(record: PinRecord | undefined): PinRecord {
  if (record === undefined) throw new TypeError('a PIN file without its PIN');
  return record;
}
